// Generated from Rust by `npm run gen`; do not edit.

/**
 * What the console may do in a context. Checked in Rust for every write.
 */
export type AccessMode = "read-only" | "operator";

/**
 * An API: what `GetRestApis` or `GetApis` says of it.
 */
export type Api = { 
/**
 * AWS's id, ten characters.
 */
id: string, 
/**
 * The name, as somebody typed it: hostile until shown as data. Not unique.
 */
name: string, 
/**
 * Which product.
 */
kind: ApiKind, 
/**
 * How it is reached.
 */
endpointType: EndpointType, 
/**
 * The description, if any.
 */
description?: string | null, 
/**
 * `createdDate`, RFC 3339.
 */
created?: string | null, 
/**
 * Tags, the account's own words.
 */
tags: { [key in string]: string }, 
/**
 * Whether `https://{id}.execute-api.…` is switched off.
 */
executeApiDisabled: boolean, 
/**
 * Whether a resource policy is set (REST).
 */
hasResourcePolicy: boolean, 
/**
 * `apiKeySource` of a REST API: `HEADER` or `AUTHORIZER`.
 */
apiKeySource?: string | null, 
/**
 * `routeSelectionExpression` of a WebSocket API.
 */
routeSelectionExpression?: string | null, };

/**
 * The three products that share a name.
 */
export type ApiKind = "REST" | "HTTP" | "WEBSOCKET";

/**
 * The APIs.
 */
export type ApiList = { 
/**
 * By context, name and id.
 */
items: Array<ApiListItem>, 
/**
 * What could not be read.
 */
coverage: Coverage, };

/**
 * An API in its context.
 */
export type ApiListItem = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Account.
 */
account: string, 
/**
 * Region.
 */
region: string, 
/**
 * The API.
 */
api: Api, 
/**
 * Its stages.
 */
stages: Array<Stage>, 
/**
 * Routes over all stages, preflights not counted.
 */
routes: number, };

/**
 * Asks for the APIs.
 */
export type ApiListRequest = Record<symbol, never>;

/**
 * The seven audiences of `docs/user-guide`, and the honest eighth.
 */
export type Audience = "admin" | "checkout" | "customer" | "partner" | "webhook" | "internal" | "public" | "unclassified";

/**
 * An audience with its reason.
 */
export type AudienceDecision = { 
/**
 * Who the route is for.
 */
audience: Audience, 
/**
 * What decided.
 */
source: AudienceSource, 
/**
 * A sentence: `the path has the word "refund"`.
 */
reason: string, };

/**
 * A route that would move.
 */
export type AudienceMove = { 
/**
 * Its id.
 */
routeId: string, 
/**
 * `POST /login of storefront, prod`.
 */
label: string, 
/**
 * Now.
 */
before: Audience, 
/**
 * Then.
 */
after: Audience, 
/**
 * Why, then.
 */
reason: string, };

/**
 * Whose the route is. Answers with [`crate::route_get::RouteDetail`].
 */
export type AudienceOverrideSetRequest = { 
/**
 * [`portcullis_domain::route::Route::id`].
 */
routeId: string, 
/**
 * The audience; `None` takes the override back.
 */
audience?: Audience | null, 
/**
 * Why, in the person's words; required with an audience.
 */
reason: string, };

/**
 * The rules file.
 */
export type AudienceRulesFile = { 
/**
 * Where it is (or will be).
 */
path: string, 
/**
 * Its text; a commented example when there is no file yet.
 */
text: string, 
/**
 * Whether the file exists.
 */
exists: boolean, 
/**
 * What is wrong with it, if anything: while it is wrong, the last good rules stay in force.
 */
problem?: WireError | null, };

/**
 * Asks for the rules.
 */
export type AudienceRulesGetRequest = Record<symbol, never>;

/**
 * What would happen.
 */
export type AudienceRulesPreview = { 
/**
 * How many rules the text has.
 */
rules: number, 
/**
 * Rules that match no route (by number, from 1): perhaps a typing error.
 */
idleRules: Array<number>, 
/**
 * How many routes would move.
 */
moving: number, 
/**
 * The first 200 of them.
 */
moves: Array<AudienceMove>, };

/**
 * A text of rules.
 */
export type AudienceRulesPreviewRequest = { 
/**
 * TOML.
 */
text: string, };

/**
 * A text of rules; refused with line and field when it is wrong. Answers with
 * [`crate::audience_rules_get::AudienceRulesFile`].
 */
export type AudienceRulesSaveRequest = { 
/**
 * TOML.
 */
text: string, 
/**
 * The text that the edit began from: refused when the file has changed since.
 */
base: string, };

/**
 * What decided the audience, strongest first.
 */
export type AudienceSource = "override" | "tag" | "organisation-rule" | "built-in" | "none";

/**
 * An authorizer of an API.
 */
export type Authorizer = { 
/**
 * AWS's id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * `TOKEN`, `REQUEST`, `COGNITO_USER_POOLS` (REST) or `REQUEST`, `JWT` (HTTP).
 */
kind: string, 
/**
 * How long a decision is cached, seconds; 0 means never.
 */
ttlSeconds?: number | null, 
/**
 * What it asks: function ARN, user pools or issuer.
 */
targets: Array<string>, };

/**
 * The rate budget of an account and region at this moment.
 */
export type BudgetStatus = { 
/**
 * Calls per second that we allow ourselves.
 */
rate: number, 
/**
 * Calls that may go at once.
 */
burst: number, 
/**
 * Calls that could go right now.
 */
available: number, 
/**
 * Calls that wait.
 */
waiting: number, };

/**
 * A canary on a REST stage.
 */
export type Canary = { 
/**
 * The candidate's deployment.
 */
deploymentId: string, 
/**
 * Share of requests, percent, 0.0 to 100.0.
 */
percentTraffic: number, };

/**
 * How a check came out.
 */
export type CheckOutcome = "ok" | "warning" | "problem";

/**
 * Asks for a diagnosis of every open context.
 */
export type ContextDiagnoseRequest = Record<symbol, never>;

/**
 * A context's diagnosis.
 */
export type ContextDiagnosis = { 
/**
 * The context's label.
 */
context: string, 
/**
 * In the order in which they were tried.
 */
checks: Array<DiagnosisCheck>, };

/**
 * One context's reading.
 */
export type ContextInventoryStatus = { 
/**
 * The context's label.
 */
context: string, 
/**
 * How far.
 */
phase: InventoryPhase, 
/**
 * APIs read.
 */
apisDone: number, 
/**
 * APIs there are, once the lists are read.
 */
apisTotal?: number | null, 
/**
 * Routes known now.
 */
routes: number, 
/**
 * Calls made in this reading.
 */
calls: { [key in string]: number }, 
/**
 * The budget.
 */
budget?: BudgetStatus | null, 
/**
 * When what is shown was read, RFC 3339: older than this session when it comes from the store.
 */
readAt?: string | null, 
/**
 * Whether what is shown (or a part of it) still comes from the last snapshot.
 */
fromSnapshot: boolean, 
/**
 * What is missing.
 */
coverage: Coverage, };

/**
 * The contexts.
 */
export type ContextList = { 
/**
 * Profiles found in the AWS configuration files, in file order.
 */
profiles: Array<ProfileChoice>, 
/**
 * Whether the default chain has anything to offer (environment keys, a default profile).
 */
defaultChain: boolean, 
/**
 * What is wrong with the AWS configuration files, if they cannot be read. The demo account opens all the same.
 */
problem?: WireError | null, 
/**
 * Regions to choose from.
 */
regions: Array<string>, 
/**
 * Open contexts; empty on a first run without credentials: show the welcome.
 */
open: Array<OpenContext>, };

/**
 * Asks for the contexts.
 */
export type ContextListRequest = Record<symbol, never>;

/**
 * Which contexts to open. Answers with [`crate::context_list::ContextList`].
 */
export type ContextSelectRequest = { 
/**
 * All that shall be open from now on.
 */
contexts: Array<ContextSpec>, };

/**
 * A credential source in a region, as a person names it.
 */
export type ContextSpec = { 
/**
 * Where the credentials come from.
 */
source: CredentialSource, 
/**
 * The AWS region, e.g. `eu-west-1`. `None` means: whatever the source's own configuration says.
 */
region?: string | null, 
/**
 * An endpoint that overrides AWS's own for every service (an emulator, a proxy).
 */
endpointUrl?: string | null, };

/**
 * Everything that is missing from an answer.
 */
export type Coverage = { 
/**
 * Whether every call brought its data; `false` as soon as there is one gap.
 */
complete: boolean, 
/**
 * The calls that failed, in the order in which they did.
 */
gaps: Array<Gap>, };

/**
 * Where a context's credentials come from.
 */
export type CredentialSource = { "kind": "demo" } | { "kind": "defaultChain" } | { "kind": "profile", 
/**
 * The name inside `[profile NAME]`.
 */
name: string, };

/**
 * All diagnoses.
 */
export type Diagnosis = { 
/**
 * One per context.
 */
contexts: Array<ContextDiagnosis>, };

/**
 * One thing that was tried.
 */
export type DiagnosisCheck = { 
/**
 * What: `credentials`, `identity`, `region`, `endpoint`, or the IAM action of a call.
 */
subject: string, 
/**
 * How it came out.
 */
outcome: CheckOutcome, 
/**
 * What was found, a sentence.
 */
finding: string, 
/**
 * What to do about it.
 */
remedy?: string | null, 
/**
 * AWS's request id, when a call answered.
 */
requestId?: string | null, };

/**
 * How the draft differs from what the stage serves.
 */
export type Drift = "none" | "added" | "removed" | "changed" | "draft-only";

/**
 * The limit that binds a route before any usage plan, and the layer that set it.
 */
export type EffectiveThrottle = { 
/**
 * What applies.
 */
limit: Limit, 
/**
 * Which layer set the rate.
 */
source: ThrottleSource, 
/**
 * Which layer set the burst: not always the same one.
 */
burstSource: ThrottleSource, };

/**
 * How clients reach an API's own endpoint.
 */
export type EndpointType = "EDGE" | "REGIONAL" | "PRIVATE";

/**
 * What a consumer acts on. A variant exists only because somebody does something different for it.
 */
export type ErrorCode = "invalid-input" | "not-found" | "credentials" | "denied" | "unreachable" | "read-only" | "rules-invalid" | "store-too-new" | "store-corrupted" | "store-unusable" | "cancelled" | "aws-refused" | "internal";

/**
 * File format.
 */
export type ExportFormat = "csv" | "json";

/**
 * Whether all conditions must hold or one is enough.
 */
export type FilterOperation = "and" | "or";

/**
 * How a token compares; the signs of Cloudscape's property filter.
 */
export type FilterOperator = "=" | "!=" | ":" | "!:" | "^" | "<" | ">";

/**
 * One condition. Without a property it is free text over method, path, API, stage and authorizer.
 */
export type FilterToken = { 
/**
 * What to look at.
 */
property?: RouteProperty | null, 
/**
 * How to compare.
 */
operator: FilterOperator, 
/**
 * With what.
 */
value: string, };

/**
 * One call that did not bring its data.
 */
export type Gap = { 
/**
 * The context's label ([`crate::context::ContextSpec::label`]).
 */
context: string, 
/**
 * AWS's service prefix as in IAM: `apigateway`, `wafv2`, `sts`…
 */
service: string, 
/**
 * The operation: `GetResources`.
 */
operation: string, 
/**
 * What was being read, for a person: `stage prod of API storefront (a1b2c3d4e5)`.
 */
resource: string, 
/**
 * Which kind of failure.
 */
kind: GapKind, 
/**
 * AWS's error code, or ours where AWS gave none (`Timeout`, `NotJson`).
 */
code: string, 
/**
 * A sentence: what failed, on which resource, what to do next.
 */
message: string, 
/**
 * `x-amzn-requestid`, if an answer came.
 */
requestId?: string | null, };

/**
 * Why a call brought nothing, in the few kinds that somebody acts on differently.
 */
export type GapKind = "denied" | "throttled" | "credentials" | "unreachable" | "not-aws" | "not-implemented" | "not-found" | "cancelled" | "failed";

/**
 * The worst there is in a group, counted, so that a person sees where to look first. Preflights never count.
 */
export type GroupSignals = { 
/**
 * Routes that ask nobody who they are although somebody should be asked: authorization NONE, with or without an
 * API key, on any endpoint, of an audience other than public and webhook. Not counted: signing in, signing up,
 * one-time codes, password reset and health, which come before any token; WebSocket messages, which the
 * authorizer of `$connect` let in.
 */
open: number, 
/**
 * Routes of stages with no web ACL, where one is possible (REST) and the internet reaches the endpoint (not
 * private).
 */
uncovered: number, 
/**
 * Routes whose rate is limited by the account alone: no narrower limit was found.
 */
unthrottled: number, 
/**
 * Routes whose draft differs from what is live. Those that are only in the draft count here and nowhere else.
 */
drifted: number, 
/**
 * Routes on a stage with a canary.
 */
canary: number, };

/**
 * What guards a route.
 */
export type Guard = { 
/**
 * `NONE`, `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS`, `JWT`; of the live deployment where known.
 */
authorizationType: string, 
/**
 * The authorizer's name (or its id when its name could not be read).
 */
authorizer?: string | null, 
/**
 * OAuth scopes.
 */
scopes: Array<string>, 
/**
 * Whether an API key is required.
 */
apiKeyRequired: boolean, };

/**
 * A place in a text that a person wrote.
 */
export type InputPosition = { 
/**
 * Line, from 1.
 */
line: number, 
/**
 * Column, from 1.
 */
column: number, 
/**
 * The field, as a dotted path.
 */
field?: string | null, };

/**
 * Where a route's requests go.
 */
export type Integration = { 
/**
 * `AWS`, `AWS_PROXY`, `HTTP`, `HTTP_PROXY`, `MOCK`.
 */
kind: string, 
/**
 * URI, function ARN or VPC link target, as configured.
 */
target?: string | null, 
/**
 * `VPC_LINK` or `INTERNET`.
 */
connectionType?: string | null, 
/**
 * `timeoutInMillis`, ms.
 */
timeoutMs?: number | null, 
/**
 * Whether a mock answers `Access-Control-Allow-*` itself: with OPTIONS, that is a CORS preflight.
 */
answersCors: boolean, };

/**
 * Asks to stop.
 */
export type InventoryCancelRequest = Record<symbol, never>;

/**
 * How far a context is.
 */
export type InventoryPhase = "idle" | "reading" | "done" | "failed" | "cancelled";

/**
 * Asks for a fresh reading; a reading that is under way is left to finish.
 */
export type InventoryRefreshRequest = Record<symbol, never>;

/**
 * Everything about reading.
 */
export type InventoryStatus = { 
/**
 * Grows whenever a route may have changed, so that the window knows when to ask again.
 */
revision: number, 
/**
 * One per open context.
 */
contexts: Array<ContextInventoryStatus>, 
/**
 * What a person should know and no context says: a store that was set aside, settings or rules that are wrong, a
 * snapshot that could not be kept.
 */
notices: Array<WireError>, };

/**
 * Asks for the status.
 */
export type InventoryStatusRequest = Record<symbol, never>;

/**
 * A token bucket. Either half may be unset at a layer.
 */
export type Limit = { 
/**
 * Steady rate, requests per second.
 */
rate?: number | null, 
/**
 * Bucket size, requests.
 */
burst?: number | null, };

/**
 * A context that is open.
 */
export type OpenContext = { 
/**
 * What was asked for.
 */
spec: ContextSpec, 
/**
 * Its label.
 */
label: string, 
/**
 * The account, once known.
 */
account?: string | null, 
/**
 * The caller's ARN, once known.
 */
callerArn?: string | null, 
/**
 * The region in effect, once known.
 */
region?: string | null, 
/**
 * The endpoint in effect when it is not AWS's own, from the flag, the environment or the profile.
 */
endpointUrl?: string | null, 
/**
 * What may be done here.
 */
access: AccessMode, };

/**
 * A thing that was found.
 */
export type PaletteItem = { 
/**
 * What kind.
 */
kind: PaletteKind, 
/**
 * API id or route id.
 */
id: string, 
/**
 * What a person reads first.
 */
title: string, 
/**
 * Where it is.
 */
subtitle: string, };

/**
 * What kind of thing was found.
 */
export type PaletteKind = "api" | "route";

/**
 * What was found, best first.
 */
export type PaletteResults = { 
/**
 * The items.
 */
items: Array<PaletteItem>, };

/**
 * What was typed.
 */
export type PaletteSearchRequest = { 
/**
 * A few letters; words in any order.
 */
text: string, 
/**
 * How many at most, 1 to 100.
 */
limit: number, };

/**
 * A profile that a person could open.
 */
export type ProfileChoice = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its own region, if it has one.
 */
region?: string | null, 
/**
 * How it gets credentials, in words: `SSO session acme`, `assumes role …`, `static keys`, `runs a program`.
 */
kind: string, };

/**
 * What AWS answered, as far as it concerns the route.
 */
export type RawDocument = { 
/**
 * `Method`, `Stage`, `Deployment summary`, `Authorizer`…
 */
title: string, 
/**
 * The call that it came from: `apigateway:GetResources`.
 */
call: string, 
/**
 * JSON pointer into that call's answer.
 */
pointer: string, 
/**
 * The JSON, pretty-printed.
 */
json: string, };

/**
 * A route as its stage serves it.
 */
export type Route = { 
/**
 * Stable across refreshes and restarts: `account/region/apiId/stage/METHOD/path`.
 */
id: string, 
/**
 * The context's label.
 */
context: string, 
/**
 * Twelve digits.
 */
account: string, 
/**
 * Region.
 */
region: string, 
/**
 * API id.
 */
apiId: string, 
/**
 * API name.
 */
apiName: string, 
/**
 * Product.
 */
apiKind: ApiKind, 
/**
 * Endpoint type.
 */
endpointType: EndpointType, 
/**
 * Stage name.
 */
stage: string, 
/**
 * Method.
 */
method: string, 
/**
 * Path, or route key.
 */
path: string, 
/**
 * `resourceId` or `routeId`; absent when the route is no longer in the draft.
 */
resourceId?: string | null, 
/**
 * Who it is for.
 */
audience: AudienceDecision, 
/**
 * What it does.
 */
class: RouteClassDecision, 
/**
 * What guards it.
 */
guard: Guard, 
/**
 * What limits it.
 */
throttle: EffectiveThrottle, 
/**
 * The request validator's name.
 */
validator?: string | null, 
/**
 * Where it goes.
 */
integration?: Integration | null, 
/**
 * The full invoke URL at AWS's own name; on a custom domain for private endpoints and where AWS's own name is
 * switched off, `None` when no domain leads here.
 */
invokeUrl?: string | null, 
/**
 * URLs on custom domains.
 */
customUrls: Array<string>, 
/**
 * Name of the web ACL on the stage.
 */
wafAcl?: string | null, 
/**
 * The stage's canary.
 */
canary?: Canary | null, 
/**
 * Draft against live.
 */
drift: Drift, 
/**
 * What changed, or why no more is known; no full stop.
 */
driftDetail?: string | null, };

/**
 * The class of a route.
 */
export type RouteClass = "login" | "sign-up" | "one-time-code" | "password-reset" | "gift-card" | "coupon" | "checkout" | "webhook" | "health" | "admin-action" | "search" | "browse" | "write" | "preflight" | "message" | "other";

/**
 * A class with its reason.
 */
export type RouteClassDecision = { 
/**
 * What the route does.
 */
class: RouteClass, 
/**
 * A sentence.
 */
reason: string, };

/**
 * Everything about one route.
 */
export type RouteDetail = { 
/**
 * The row.
 */
route: Route, 
/**
 * Its API.
 */
api: Api, 
/**
 * Its stage.
 */
stage: Stage, 
/**
 * Its authorizer in full, if it has one that could be read.
 */
authorizer?: Authorizer | null, 
/**
 * Its validator in full.
 */
validator?: Validator | null, 
/**
 * Where the guard comes from, sentences: `deployment d1a2b3 of 2026-03-02 says CUSTOM; …`.
 */
guardNotes: Array<string>, 
/**
 * Layers of throttling, narrowest first.
 */
throttleLayers: Array<ThrottleLayer>, 
/**
 * The method's execute-api ARN (`arn:aws:execute-api:…`).
 */
arn: string, 
/**
 * An `aws` command that shows the same.
 */
awsCommand: string, 
/**
 * The same thing in the AWS console.
 */
consoleUrl: string, 
/**
 * What AWS answered.
 */
raw: Array<RawDocument>, };

/**
 * What was written.
 */
export type RouteExport = { 
/**
 * Where.
 */
path: string, 
/**
 * How many routes.
 */
routes: number, 
/**
 * Whether anything was missing when it was written (it is said in the JSON envelope too).
 */
complete: boolean, };

/**
 * What to export.
 */
export type RouteExportRequest = { 
/**
 * Which routes.
 */
query: RouteQuery, 
/**
 * In which format.
 */
format: ExportFormat, 
/**
 * Where to; an absolute path from the save dialog.
 */
path: string, };

/**
 * A filter: tokens and a text that is still being typed.
 */
export type RouteFilter = { 
/**
 * How tokens combine.
 */
operation: FilterOperation, 
/**
 * The conditions.
 */
tokens: Array<FilterToken>, 
/**
 * Text in the filter box: every word must occur somewhere in the row (always AND with the tokens).
 */
text: string, 
/**
 * Whether CORS preflights, set aside by default, are listed.
 */
includePreflight: boolean, };

/**
 * Which route.
 */
export type RouteGetRequest = { 
/**
 * [`Route::id`].
 */
id: string, };

/**
 * A group's header line.
 */
export type RouteGroup = { 
/**
 * Stable key: the audience's or class's wire name, `account/region/apiId/stage`, the context's label.
 */
key: string, 
/**
 * What a person reads.
 */
label: string, 
/**
 * Rows in the group that match.
 */
count: number, 
/**
 * The worst of them.
 */
signals: GroupSignals, };

/**
 * By what rows are grouped.
 */
export type RouteGroupBy = "audience" | "api" | "routeClass" | "context";

/**
 * A line of the list: a group's header or a route.
 */
export type RouteLine = { "line": "group", 
/**
 * The group.
 */
group: RouteGroup, 
/**
 * Whether it is folded.
 */
collapsed: boolean, } | { "line": "route", 
/**
 * The route.
 */
route: Route, };

/**
 * The page.
 */
export type RouteList = { 
/**
 * The inventory's revision that this was made from.
 */
revision: number, 
/**
 * Routes in all open contexts, preflights not counted.
 */
total: number, 
/**
 * Routes that match.
 */
matching: number, 
/**
 * Preflights that were set aside.
 */
preflights: number, 
/**
 * Lines of the whole list (headers and rows of unfolded groups).
 */
lineCount: number, 
/**
 * Every group, whether its header is on this page or not.
 */
groups: Array<RouteGroup>, 
/**
 * The lines `offset .. offset + limit`.
 */
lines: Array<RouteLine>, 
/**
 * What could not be read.
 */
coverage: Coverage, };

/**
 * Which lines of which list.
 */
export type RouteListRequest = { 
/**
 * Filter, grouping, sort.
 */
query: RouteQuery, 
/**
 * Keys of groups that are folded: their header is a line, their rows are not.
 */
collapsed: Array<string>, 
/**
 * First line, from 0.
 */
offset: number, 
/**
 * How many lines at most, 1 to 500.
 */
limit: number, };

/**
 * What a filter token or a sort looks at.
 */
export type RouteProperty = "audience" | "audienceSource" | "routeClass" | "method" | "path" | "api" | "apiKind" | "stage" | "endpointType" | "authorizationType" | "authorizer" | "apiKeyRequired" | "rateLimit" | "burstLimit" | "throttleSource" | "validator" | "integrationType" | "timeoutMs" | "wafAcl" | "canary" | "drift" | "account" | "region" | "context";

/**
 * The whole question.
 */
export type RouteQuery = { 
/**
 * Which rows.
 */
filter: RouteFilter, 
/**
 * Grouped by what; `None` is a flat list.
 */
groupBy?: RouteGroupBy | null, 
/**
 * In which order, inside groups; equal rows keep API, stage, path, method order.
 */
sort: RouteSort | null, };

/**
 * One key of a sort.
 */
export type RouteSort = { 
/**
 * By what.
 */
property: RouteProperty, 
/**
 * Largest first.
 */
descending: boolean, };

/**
 * The values, most frequent first, 50 at most.
 */
export type RouteValues = { 
/**
 * The values.
 */
values: Array<string>, };

/**
 * Asks for the values that a property takes, for the filter's suggestions.
 */
export type RouteValuesRequest = { 
/**
 * Which property.
 */
property: RouteProperty, 
/**
 * Only values that contain this, ignoring case.
 */
text: string, };

/**
 * A stage of an API.
 */
export type Stage = { 
/**
 * The name; `$default` on HTTP APIs has no path segment.
 */
name: string, 
/**
 * The deployment that it serves; absent on an HTTP stage that was never deployed.
 */
deploymentId?: string | null, 
/**
 * The canary, if there is one (REST).
 */
canary?: Canary | null, 
/**
 * ARN of the web ACL (REST).
 */
webAclArn?: string | null, 
/**
 * Limits by normalised route key: `*\/*` for the default, else `METHOD /path` (REST) or the route key
 * (HTTP, WebSocket). See [`crate::throttle`].
 */
limits: { [key in string]: Limit }, 
/**
 * Whether every change goes live at once (HTTP, WebSocket).
 */
autoDeploy: boolean, 
/**
 * Tags.
 */
tags: { [key in string]: string }, 
/**
 * `lastUpdatedDate`, RFC 3339.
 */
lastUpdated?: string | null, };

/**
 * A layer of throttling.
 */
export type ThrottleLayer = { 
/**
 * Which.
 */
source: ThrottleSource, 
/**
 * In words: `stage prod, method POST /login`.
 */
label: string, 
/**
 * What is set there, if anything.
 */
limit: Limit, 
/**
 * Whether the rate in effect comes from here.
 */
bindsRate: boolean, 
/**
 * Whether the burst in effect comes from here.
 */
bindsBurst: boolean, };

/**
 * The layer that a route's limit comes from, narrowest first.
 */
export type ThrottleSource = "stage-method" | "stage-default" | "account" | "unknown";

/**
 * A request validator of a REST API.
 */
export type Validator = { 
/**
 * AWS's id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the body is checked against a model.
 */
validatesBody: boolean, 
/**
 * Whether required parameters are checked.
 */
validatesParameters: boolean, };

/**
 * A failure as it crosses to the window, and as the command line prints it with `--output json`.
 */
export type WireError = { 
/**
 * What kind: consumers switch on this and never on the message.
 */
code: ErrorCode, 
/**
 * What failed, on which resource.
 */
message: string, 
/**
 * What to do next, imperative.
 */
hint?: string | null, 
/**
 * AWS's request id.
 */
requestId?: string | null, 
/**
 * Where in the input, when `code` is [`ErrorCode::InvalidInput`] or [`ErrorCode::RulesInvalid`].
 */
position?: InputPosition | null, };

/** Every operation: its request and its response. */
export interface Operations {
  context_list: { request: ContextListRequest; response: ContextList };
  context_select: { request: ContextSelectRequest; response: ContextList };
  context_diagnose: { request: ContextDiagnoseRequest; response: Diagnosis };
  inventory_refresh: { request: InventoryRefreshRequest; response: InventoryStatus };
  inventory_status: { request: InventoryStatusRequest; response: InventoryStatus };
  inventory_cancel: { request: InventoryCancelRequest; response: InventoryStatus };
  api_list: { request: ApiListRequest; response: ApiList };
  route_list: { request: RouteListRequest; response: RouteList };
  route_values: { request: RouteValuesRequest; response: RouteValues };
  route_get: { request: RouteGetRequest; response: RouteDetail };
  route_export: { request: RouteExportRequest; response: RouteExport };
  palette_search: { request: PaletteSearchRequest; response: PaletteResults };
  audience_rules_get: { request: AudienceRulesGetRequest; response: AudienceRulesFile };
  audience_rules_preview: { request: AudienceRulesPreviewRequest; response: AudienceRulesPreview };
  audience_rules_save: { request: AudienceRulesSaveRequest; response: AudienceRulesFile };
  audience_override_set: { request: AudienceOverrideSetRequest; response: RouteDetail };
}
