import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Tauri serves ui/dist from the binary; nothing is loaded from the network, so one large chunk is no cost.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  server: { port: 5173, strictPort: true },
  build: { outDir: 'dist', emptyOutDir: true, target: 'safari16', chunkSizeWarningLimit: 4000 },
});
