import Box from '@cloudscape-design/components/box';

const PLANNED = ['Alarms'];

/** Views that are planned are named, quietly. They are text: a link that leads nowhere would promise too much. */
export function PlannedViews() {
  return (
    <Box margin={{ left: 'xl' }} padding={{ left: 'xxs', bottom: 'l' }} color="text-body-secondary" fontSize="body-s">
      <Box id="planned-views" fontSize="body-s" fontWeight="bold" color="inherit" padding={{ bottom: 'xxs' }}>
        Not available yet
      </Box>
      <ul aria-labelledby="planned-views" style={{ listStyle: 'none', margin: 0, padding: 0, lineHeight: 1.8 }}>
        {PLANNED.map(name => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </Box>
  );
}
