// Generated from Rust by `npm run gen`; do not edit.

/**
 * What the console may do in a context. Checked in Rust for every write.
 */
export type AccessMode = "read-only" | "operator";

/**
 * The kinds that WAF has.
 */
export type ActionKind = "allow" | "block" | "count" | "captcha" | "challenge" | "unknown";

/**
 * Who made a change.
 */
export type Actor = { 
/**
 * ARN that AWS sees.
 */
callerArn: string, 
/**
 * The user of this machine.
 */
localUser: string, };

/**
 * An alarm as AWS described it.
 */
export type Alarm = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Its name, unique in account and region.
 */
name: string, 
/**
 * Its ARN.
 */
arn: string, 
/**
 * What somebody wrote.
 */
description?: string | null, 
/**
 * How it decides.
 */
kind: AlarmKind, 
/**
 * Its state.
 */
state: AlarmState, 
/**
 * Since when it has that state (`StateTransitionedTimestamp`), RFC 3339.
 */
since?: string | null, 
/**
 * Why, in AWS's words.
 */
reason: string, 
/**
 * `PARTIAL_DATA`, `EVALUATION_FAILURE`, `EVALUATION_ERROR`: AWS could not evaluate it as usual.
 */
evaluation?: string | null, 
/**
 * The metrics.
 */
metrics: Array<WatchedMetric>, 
/**
 * The expression that is compared, of metric math and anomaly detection.
 */
expression?: string | null, 
/**
 * The expression's label.
 */
label?: string | null, 
/**
 * When it goes off; none for a composite one.
 */
condition?: AlarmCondition | null, 
/**
 * The rule of a composite alarm.
 */
rule?: string | null, 
/**
 * The alarm whose ALARM keeps a composite one's actions back: name or ARN.
 */
suppressor?: string | null, 
/**
 * Whether actions are carried out at all.
 */
actionsEnabled: boolean, 
/**
 * ARNs, on ALARM.
 */
alarmActions: Array<string>, 
/**
 * ARNs, on OK.
 */
okActions: Array<string>, 
/**
 * ARNs, on INSUFFICIENT_DATA.
 */
insufficientDataActions: Array<string>, };

/**
 * When a metric alarm goes off.
 */
export type AlarmCondition = { 
/**
 * AWS's operator, `GreaterThanThreshold`.
 */
comparison: string, 
/**
 * The number; none for an anomaly band.
 */
threshold?: number | null, 
/**
 * Periods that are looked at.
 */
evaluationPeriods: number, 
/**
 * Of them breaching.
 */
datapointsToAlarm: number, 
/**
 * Length of one, seconds; 0 where AWS gave none.
 */
period: number, 
/**
 * `missing`, `ignore`, `breaching`, `notBreaching`; AWS's default is `missing`.
 */
missingData: string, };

/**
 * Whether a stage or route is covered.
 */
export type AlarmCoverVerdict = "covered" | "silent" | "wider" | "missing" | "no-metric";

/**
 * Where alarms are.
 */
export type AlarmCoverage = { 
/**
 * Stages, each followed by its sensitive routes.
 */
items: Array<CoverageLine>, 
/**
 * Alarms that are missing and can be made.
 */
missing: number, 
/**
 * What could not be read: a stage of such a context is not listed, since nothing is known of its alarms.
 */
coverage: Coverage, 
/**
 * Calls by service and operation.
 */
calls: { [key in string]: number }, };

/**
 * Which stages.
 */
export type AlarmCoverageRequest = { 
/**
 * Only APIs with this id or name.
 */
api?: string | null, 
/**
 * Only stages of this name.
 */
stage?: string | null, 
/**
 * Read the alarms again, however young the last answer is.
 */
refresh: boolean, };

/**
 * Which alarms.
 */
export type AlarmCreateRequest = { 
/**
 * Where, and on what.
 */
wanted: Array<AlarmWanted>, 
/**
 * The SNS topic that is told, an ARN; nobody is told without it.
 */
topicArn?: string | null, 
/**
 * Whether the topic is told too when all is well again.
 */
tellOk: boolean, 
/**
 * Other thresholds than the recommended ones.
 */
thresholds: Array<AlarmThreshold>, };

/**
 * A metric alarm as `PutMetricAlarm` takes it.
 */
export type AlarmDefinition = { 
/**
 * Its name.
 */
name: string, 
/**
 * For whoever is woken by it.
 */
description: string, 
/**
 * `AWS/ApiGateway`.
 */
namespace: string, 
/**
 * `5XXError`.
 */
metric: string, 
/**
 * By name.
 */
dimensions: { [key in string]: string }, 
/**
 * `Average`, `p90`.
 */
statistic: string, 
/**
 * Seconds.
 */
period: number, 
/**
 * Periods that are looked at.
 */
evaluationPeriods: number, 
/**
 * Of them breaching.
 */
datapointsToAlarm: number, 
/**
 * The number.
 */
threshold: number, 
/**
 * AWS's operator.
 */
comparison: string, 
/**
 * What a period without data counts as.
 */
missingData: string, 
/**
 * ARNs, on ALARM.
 */
alarmActions: Array<string>, 
/**
 * ARNs, on OK.
 */
okActions: Array<string>, };

/**
 * What happened.
 */
export type AlarmHistoryAnswer = { 
/**
 * The latest first.
 */
items: Array<AlarmHistoryItem>, 
/**
 * Whether there is more than was read.
 */
more: boolean, 
/**
 * From then, RFC 3339.
 */
from: string, 
/**
 * Until then, RFC 3339.
 */
to: string, };

/**
 * Something that happened to an alarm.
 */
export type AlarmHistoryItem = { 
/**
 * The alarm's name.
 */
alarm: string, 
/**
 * RFC 3339.
 */
at: string, 
/**
 * What kind.
 */
kind: AlarmHistoryKind, 
/**
 * AWS's words.
 */
summary: string, 
/**
 * The state before, of a change of state.
 */
from?: AlarmState | null, 
/**
 * The state after.
 */
to?: AlarmState | null, 
/**
 * Why, in AWS's words.
 */
reason?: string | null, 
/**
 * `HistoryData` as it came.
 */
data: string, };

/**
 * What kind of thing happened.
 */
export type AlarmHistoryKind = "state" | "configuration" | "action" | "other";

/**
 * Which alarm.
 */
export type AlarmHistoryRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * The alarm's name; it may be deleted.
 */
name: string, 
/**
 * How many days back, 1 to 30.
 */
days: number, };

/**
 * How an alarm decides.
 */
export type AlarmKind = "metric" | "metric-math" | "anomaly-detection" | "composite" | "query";

/**
 * An alarm and what follows from the account that it is in.
 */
export type AlarmLine = { 
/**
 * The alarm.
 */
alarm: Alarm, 
/**
 * What it watches, a sentence.
 */
watches: string, 
/**
 * Where; those of its alarms for a composite one. Empty when its dimensions name no place.
 */
places: Array<AlarmPlace>, 
/**
 * What is wrong with it, worst first.
 */
troubles: Array<AlarmTrouble>, 
/**
 * Whether somebody is told when it goes off, by itself or by a composite alarm.
 */
tells: boolean, 
/**
 * Composite alarms that go off with it.
 */
parents: Array<string>, 
/**
 * Alarms that its rule asks for.
 */
children: Array<string>, };

/**
 * A page of alarms.
 */
export type AlarmList = { 
/**
 * Alarms on API Gateway.
 */
total: number, 
/**
 * Of them matching.
 */
matching: number, 
/**
 * Of all in ALARM.
 */
burning: number, 
/**
 * Of all with something wrong.
 */
troubled: number, 
/**
 * The page.
 */
items: Array<AlarmLine>, 
/**
 * When the oldest part of this was read, RFC 3339.
 */
readAt?: string | null, 
/**
 * What could not be read.
 */
coverage: Coverage, 
/**
 * Calls by service and operation.
 */
calls: { [key in string]: number }, };

/**
 * Which alarms.
 */
export type AlarmListRequest = { 
/**
 * Only alarms in which every word of this occurs: name, what it watches, description, context.
 */
text: string, 
/**
 * Only in this state.
 */
state?: AlarmState | null, 
/**
 * Only those with which something is wrong.
 */
troubled: boolean, 
/**
 * Read them again, however young the last answer is.
 */
refresh: boolean, 
/**
 * Lines to skip.
 */
offset: number, 
/**
 * Lines of a page, 1 to 500.
 */
limit: number, };

/**
 * Where an alarm looks.
 */
export type AlarmPlace = { 
/**
 * The API's id; none when there is no such API.
 */
apiId?: string | null, 
/**
 * Its name, or what the alarm says.
 */
apiName: string, 
/**
 * The stage; none for the API as a whole.
 */
stage?: string | null, 
/**
 * `POST /login`; none for the stage as a whole.
 */
route?: string | null, };

/**
 * How wide an alarm looks.
 */
export type AlarmScope = "route" | "stage" | "api";

/**
 * The state of an alarm, what burns first.
 */
export type AlarmState = "alarm" | "insufficient-data" | "unknown" | "ok";

/**
 * What every stage needs an alarm on.
 */
export type AlarmSubject = "server-errors" | "client-errors" | "latency";

/**
 * Another threshold than the recommended one. Numbers are text, as a person typed them.
 */
export type AlarmThreshold = { 
/**
 * Of which alarms.
 */
subject: AlarmSubject, 
/**
 * Percent of the requests, or milliseconds.
 */
threshold: string, 
/**
 * Minutes that have to be breaching; as recommended when empty.
 */
datapoints: string, 
/**
 * Minutes that are looked at; as recommended when empty.
 */
periods: string, };

/**
 * One thing that is wrong with an alarm.
 */
export type AlarmTrouble = { 
/**
 * What kind.
 */
kind: AlarmTroubleKind, 
/**
 * A sentence.
 */
message: string, };

/**
 * What is wrong.
 */
export type AlarmTroubleKind = "gone" | "never-fires" | "tells-nobody" | "no-data" | "shared" | "unchecked";

/**
 * Where, and on what.
 */
export type AlarmWanted = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * A route of it ([`portcullis_domain::route::Route::id`]); the stage as a whole without it.
 */
routeId?: string | null, 
/**
 * On what.
 */
subjects: Array<AlarmSubject>, };

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
 * Account, or `unknown` where STS did not say whose it is.
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
 * A change that was made.
 */
export type AppliedChange = { 
/**
 * The journal's entry; undoing it is a plan of its own.
 */
entry: string, 
/**
 * The plan's title.
 */
title: string, 
/**
 * How it ended.
 */
outcome: Outcome, 
/**
 * AWS's request ids, one per step where AWS gave one.
 */
requestIds: Array<string | null>, 
/**
 * It had been applied before: the second of two clicks.
 */
already: boolean, };

/**
 * The seven audiences of `docs/user-guide`, and the honest eighth.
 */
export type Audience = "admin" | "checkout" | "customer" | "partner" | "webhook" | "internal" | "public" | "unclassified";

/**
 * Failures of one audience that count.
 */
export type AudienceCounts = { 
/**
 * For whom.
 */
audience: Audience, 
/**
 * Routes that stages serve for it.
 */
routes: number, 
/**
 * By severity, worst first, each severity once.
 */
severities: Array<[Severity, number]>, 
/**
 * Verdicts that could not be given.
 */
unknown: number, };

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
 * One call that changes something.
 */
export type AwsCall = { "operation": "UpdateStage", 
/**
 * API.
 */
apiId: string, 
/**
 * Stage.
 */
stageName: string, 
/**
 * All at once: AWS applies the list or refuses it.
 */
patchOperations: Array<PatchOperation>, } | { "operation": "CreateDeployment", 
/**
 * API.
 */
apiId: string, 
/**
 * Stage; it must exist.
 */
stageName: string, 
/**
 * The deployment's description.
 */
description?: string | null, 
/**
 * The canary.
 */
canary: NewCanary, } | { "operation": "UpdateUsagePlan", 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * All at once.
 */
patchOperations: Array<PatchOperation>, } | { "operation": "UpdateHttpStage", 
/**
 * API.
 */
apiId: string, 
/**
 * Stage.
 */
stageName: string, 
/**
 * Limits of routes without settings of their own.
 */
defaultLimit?: Limit | null, 
/**
 * Limits of single routes.
 */
routeLimits: Array<HttpRouteLimit>, 
/**
 * Another deployment; only where the stage does not deploy by itself.
 */
deploymentId?: string | null, } | { "operation": "DeleteRouteSettings", 
/**
 * API.
 */
apiId: string, 
/**
 * Stage.
 */
stageName: string, 
/**
 * Route.
 */
routeKey: string, } | { "operation": "UpdateUsage", 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * Key.
 */
keyId: string, 
/**
 * Requests that are left of the running period.
 */
remaining: number, } | { "operation": "CreateUsagePlanKey", 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * Key.
 */
keyId: string, 
/**
 * What is left in the moment that it joins, where the plan has a quota. Not sent: for the prediction.
 */
quota?: number, } | { "operation": "DeleteUsagePlanKey", 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * Key.
 */
keyId: string, } | { "operation": "UpdateApiKey", 
/**
 * Key.
 */
keyId: string, 
/**
 * All at once.
 */
patchOperations: Array<PatchOperation>, } | { "operation": "CreateApiKey", 
/**
 * Name.
 */
name: string, 
/**
 * Free text.
 */
description: string, 
/**
 * The customer in another system; may be empty.
 */
customerId: string, 
/**
 * Tags.
 */
tags: { [key in string]: string }, } | { "operation": "DeleteApiKey", 
/**
 * Key.
 */
keyId: string, } | { "operation": "UpdateWebAcl", 
/**
 * ARN; it has scope, name and id.
 */
arn: string, 
/**
 * WAF's version that this replaces; AWS refuses when it is no longer that.
 */
lockToken: string, 
/**
 * Everything that an update takes, as AWS's JSON: what is newer than this program goes back as it came.
 */
document: Record<string, unknown>, } | { "operation": "PutMetricAlarm", 
/**
 * The alarm.
 */
alarm: AlarmDefinition, } | { "operation": "DeleteAlarms", 
/**
 * Its name.
 */
alarmName: string, };

/**
 * What is shown of the board.
 */
export type BoardQuery = { 
/**
 * Words; each must be in the tenant, key, customer, tags, plan or APIs. Case does not matter.
 */
text: string, 
/**
 * Only these states; empty means all.
 */
states: Array<QuotaState>, 
/**
 * Only this plan.
 */
usagePlanId?: string | null, 
/**
 * The order.
 */
sort: BoardSort, };

/**
 * One key in one plan; a key in no plan has a row without one.
 */
export type BoardRow = { 
/**
 * Name of the row: context, plan and key.
 */
id: string, 
/**
 * The context's label.
 */
context: string, 
/**
 * Whose key, and why.
 */
tenant: TenantName, 
/**
 * Key id; never its value.
 */
keyId: string, 
/**
 * The key's name.
 */
keyName: string, 
/**
 * The key's `customerId`; may be empty.
 */
customerId: string, 
/**
 * The key's tags, `name=value`.
 */
tags: Array<string>, 
/**
 * Whether API Gateway accepts the key; absent when keys could not be listed.
 */
enabled?: boolean | null, 
/**
 * Age of the key, whole days.
 */
ageDays?: number, 
/**
 * Days until the key should be rotated; negative when it is late.
 */
rotationDueInDays?: number, 
/**
 * The plan; absent for a key in none.
 */
usagePlanId?: string | null, 
/**
 * The plan's name.
 */
planName?: string | null, 
/**
 * Per what the quota is.
 */
period?: QuotaPeriod | null, 
/**
 * The plan's limit for each of its keys.
 */
throttle: Limit, 
/**
 * Names or ids of the APIs that the plan opens, with the stage: `partner prod`.
 */
opens: Array<string>, 
/**
 * Where the key stands.
 */
standing: QuotaStanding, };

/**
 * What the board is ordered by.
 */
export type BoardSort = "worst" | "tenant" | "plan" | "age" | "exhaustion" | "used";

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
 * The answer for a person.
 */
export type CanMatch = "can" | "cannot" | "cannot-tell";

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
 * When a canary began.
 */
export type CanaryBeginning = { 
/**
 * RFC 3339; absent when nobody knows.
 */
at?: string | null, 
/**
 * Who says so.
 */
source: CanaryBeginningSource, 
/**
 * The same in a sentence.
 */
words: string, };

/**
 * Who says when a canary began.
 */
export type CanaryBeginningSource = "request" | "journal" | "cloud-trail" | "stage-change" | "unknown";

/**
 * What a candidate is held to: absolute ceilings, and the comparison with the baseline.
 */
export type CanaryCriteria = { 
/**
 * The candidate's requests below which there is no verdict.
 */
leastRequests: number, 
/**
 * The most 5XX answers, percent of requests, whatever the baseline has.
 */
serverErrorsCeiling: number, 
/**
 * The most 4XX answers, percent of requests; without it they are only compared with the baseline.
 */
clientErrorsCeiling?: number | null, 
/**
 * The longest p99 latency, ms; without it latency is only compared with the stage's.
 */
latencyCeiling?: number | null, 
/**
 * How much higher than the baseline's an error rate has to be to matter, percentage points.
 */
margin: number, 
/**
 * The most that the candidate's p90 and p99 latency may be of the stage's; 1.5 is half as long again.
 */
latencyRatio: number, 
/**
 * How often a healthy candidate may be called breached over a whole release, percent.
 */
falseAlarms: number, 
/**
 * How long the release is watched, minutes, with a look every minute.
 */
minutes: number, };

/**
 * What the candidate changes.
 */
export type CanaryDifference = { 
/**
 * Route by route.
 */
routes: Array<RouteDifference>, 
/**
 * What the comparison cannot see, sentences.
 */
notes: Array<string>, };

/**
 * Which stage, and which candidate.
 */
export type CanaryDifferenceRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * The candidate's deployment; the API's draft without it.
 */
deploymentId?: string | null, };

/**
 * A stage and its release.
 */
export type CanaryLine = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Account; `unknown` while AWS does not say who asks.
 */
account: string, 
/**
 * Region.
 */
region: string, 
/**
 * API.
 */
apiId: string, 
/**
 * Its name.
 */
apiName: string, 
/**
 * Product: only REST has canaries.
 */
apiKind: ApiKind, 
/**
 * Stage.
 */
stage: string, 
/**
 * The baseline.
 */
baselineDeployment?: string | null, 
/**
 * The candidate.
 */
candidateDeployment?: string | null, 
/**
 * What the canary is doing.
 */
release: StageRelease, 
/**
 * `lastUpdatedDate` of the stage, RFC 3339.
 */
lastUpdated?: string | null, };

/**
 * The releases.
 */
export type CanaryList = { 
/**
 * Those that need attention first.
 */
items: Array<CanaryLine>, 
/**
 * What could not be read.
 */
coverage: Coverage, };

/**
 * Which stages.
 */
export type CanaryListRequest = { 
/**
 * Stages without a canary too, and those that cannot have one.
 */
everyStage: boolean, };

/**
 * A minute of the watch.
 */
export type CanaryMinute = { 
/**
 * Start, seconds since the epoch.
 */
minute: number, 
/**
 * The candidate.
 */
candidate: CanarySample, 
/**
 * The baseline: counts and average of the stage without the candidate's, percentiles of the whole stage; from an access
 * log all of it is its own.
 */
baseline: CanarySample, };

/**
 * Which canary.
 */
export type CanaryPromoteRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * Removes the canary afterwards; without it AWS leaves it attached at 0 %.
 */
removeCanary: boolean, 
/**
 * Why a candidate that is breached is promoted all the same; kept with the plan in the journal.
 */
overrideReason?: string | null, };

/**
 * Which canary, on which terms, and the person's word.
 */
export type CanaryReleaseBeginRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * The terms; those of `template`, or the defaults, without them.
 */
terms?: ReleaseTerms | null, 
/**
 * The template that they come from.
 */
template?: string | null, 
/**
 * Why; kept in the journal.
 */
reason: string, 
/**
 * Whether the person has read [`ReleaseTerms::words`] and agrees; needed where the console may act by itself.
 */
confirmed: boolean, 
/**
 * The name of the context, typed out, where it is protected.
 */
typed: Array<string>, };

/**
 * The releases.
 */
export type CanaryReleaseList = { 
/**
 * Running ones first, then newest first.
 */
releases: Array<ReleaseLine>, };

/**
 * Which releases.
 */
export type CanaryReleaseListRequest = { 
/**
 * Those of this stage only.
 */
stage?: StageName | null, };

/**
 * Which release, and why.
 */
export type CanaryReleaseStopRequest = { 
/**
 * Its name.
 */
id: string, 
/**
 * Why; kept with it.
 */
reason: string, };

/**
 * Which release.
 */
export type CanaryRollbackRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * Go back to before the promotion even though somebody changed the stage since; the plan says what of theirs it
 * takes back.
 */
overwrite: boolean, };

/**
 * A route that has metrics of its own.
 */
export type CanaryRoute = { 
/**
 * `POST /coupons`.
 */
route: string, 
/**
 * The candidate.
 */
candidate: CanarySample, 
/**
 * The baseline.
 */
baseline: CanarySample, };

/**
 * What one side did in a span of time: counts, and latencies where they are known.
 *
 * Counts and averages of the baseline are the stage's without the candidate's. A percentile cannot be taken out of
 * another (only counts can), so the percentiles of a baseline are those of the whole stage.
 */
export type CanarySample = { 
/**
 * Requests.
 */
requests: number, 
/**
 * Answered with 4XX.
 */
clientErrors: number, 
/**
 * Answered with 5XX.
 */
serverErrors: number, 
/**
 * Average latency, ms, where it is known.
 */
latencyAverage?: number | null, 
/**
 * p50 latency, ms, where it is known.
 */
latencyP50?: number | null, 
/**
 * p90 latency, ms, where it is known.
 */
latencyP90?: number | null, 
/**
 * p99 latency, ms, where it is known.
 */
latencyP99?: number | null, };

/**
 * Which share.
 */
export type CanarySetRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * Percent, 0 to 100, as typed.
 */
percent: string, };

/**
 * Where the split between candidate and baseline comes from.
 */
export type CanarySource = "stage-canary-dimension" | "access-log" | "whole-stage";

/**
 * The canary to start.
 */
export type CanaryStartRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * The candidate; a new deployment of the draft without it.
 */
deploymentId?: string | null, 
/**
 * Share of the requests, percent, 0 to 100, as typed.
 */
percent: string, 
/**
 * Stage variables that differ for the candidate.
 */
overrides: { [key in string]: string }, 
/**
 * Whether the candidate uses the stage's cache.
 */
useStageCache: boolean, 
/**
 * Description of the new deployment.
 */
description?: string | null, };

/**
 * What a stage's canary is doing, in the order of the attention that it needs.
 */
export type CanaryState = "breached" | "stale" | "promoted" | "attached" | "running" | "analysing" | "none";

/**
 * Terms with a name.
 */
export type CanaryTemplate = { 
/**
 * Its name.
 */
name: string, 
/**
 * The terms.
 */
terms: ReleaseTerms, 
/**
 * What they mean, a sentence or two.
 */
words: string, 
/**
 * Whether it comes with the program, and cannot be changed.
 */
builtIn: boolean, };

/**
 * The templates.
 */
export type CanaryTemplateList = { 
/**
 * Those of the program first, then by name.
 */
templates: Array<CanaryTemplate>, };

/**
 * All of them.
 */
export type CanaryTemplateListRequest = Record<symbol, never>;

/**
 * Which template.
 */
export type CanaryTemplateSaveRequest = { 
/**
 * Its name.
 */
name: string, 
/**
 * The terms; without them the template is forgotten.
 */
terms?: ReleaseTerms | null, };

/**
 * The word.
 */
export type CanaryVerdict = "healthy" | "breached" | "inconclusive";

/**
 * What is known of a canary.
 */
export type CanaryWatch = { 
/**
 * The stage's release, as it is now.
 */
release: StageRelease, 
/**
 * Where the split comes from.
 */
source: CanarySource, 
/**
 * The same in a sentence.
 */
sourceWords: string, 
/**
 * When the candidate began, and who says so.
 */
beginning: CanaryBeginning, 
/**
 * The candidate since the beginning.
 */
candidate: CanarySample, 
/**
 * The baseline since the beginning.
 */
baseline: CanarySample, 
/**
 * Minute by minute.
 */
minutes: Array<CanaryMinute>, 
/**
 * Routes with metrics of their own on which the candidate has the highest share of errors, worst first.
 */
routes: Array<CanaryRoute>, 
/**
 * The stage's alarms in ALARM.
 */
alarms: Array<string>, 
/**
 * The verdict and why.
 */
judgement: Judgement, 
/**
 * What should be known of how it was read.
 */
notes: Array<string>, 
/**
 * What could not be read.
 */
coverage: Coverage, 
/**
 * RFC 3339.
 */
from: string, 
/**
 * RFC 3339.
 */
to: string, };

/**
 * Which canary, since when, held to what.
 */
export type CanaryWatchRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * From when on requests count, RFC 3339. Without it, from when the candidate began, at most the criteria's minutes ago.
 */
since?: string | null, 
/**
 * What the candidate is held to.
 */
criteria: CanaryCriteria, };

/**
 * Which change. Answers with [`crate::change_status::ChangeStatus`].
 */
export type ChangeCancelRequest = { 
/**
 * The journal's entry.
 */
entry: string, };

/**
 * A call that changed something, or tried to.
 */
export type ChangeEvent = { 
/**
 * CloudTrail's id.
 */
id: string, 
/**
 * The context's label.
 */
context: string, 
/**
 * Twelve digits; empty where nothing tells.
 */
account: string, 
/**
 * `eu-west-1`; empty where nothing tells.
 */
region: string, 
/**
 * RFC 3339.
 */
at: string, 
/**
 * `apigateway.amazonaws.com`.
 */
source: string, 
/**
 * `UpdateStage`.
 */
name: string, 
/**
 * Who, for a person: `ana@shop.example as role ops-deployer`.
 */
who: string, 
/**
 * Who, for a machine: an ARN, or what there is instead.
 */
principal: string, 
/**
 * Whether it was the account's root user, which no daily work needs.
 */
root: boolean, 
/**
 * Where from: an address, or a service's name.
 */
sourceIp: string, 
/**
 * With what.
 */
client: EventClient, 
/**
 * The user agent as it came.
 */
userAgent: string, 
/**
 * What was done, a sentence without the who.
 */
what: string, 
/**
 * The API, where one is named.
 */
apiId?: string | null, 
/**
 * Its name, where the event has it or the inventory.
 */
apiName?: string | null, 
/**
 * The stage, where one is named.
 */
stage?: string | null, 
/**
 * The usage plan, where one is named.
 */
usagePlanId?: string | null, 
/**
 * What a patch set.
 */
patches: Array<EventPatch>, 
/**
 * How it came out.
 */
outcome: EventOutcome, 
/**
 * AWS's code and message when it did not succeed.
 */
error?: string | null, 
/**
 * Whether it only read.
 */
readOnly: boolean, 
/**
 * Whether its record is all there: of one that is cut off, what stands in the rest is not known.
 */
whole: boolean, 
/**
 * AWS's request id.
 */
requestId?: string | null, 
/**
 * The entry of this console's journal that made it; none for a change that was made elsewhere.
 */
journalEntry?: string | null, };

/**
 * Which change, and which way.
 */
export type ChangeResumeRequest = { 
/**
 * The journal's entry.
 */
entry: string, 
/**
 * What to do with it.
 */
way: ResumeWay, 
/**
 * As in [`PlanApplyRequest::typed`].
 */
typed: Array<string>, };

/**
 * The changes under way.
 */
export type ChangeStatus = { 
/**
 * By entry.
 */
running: Array<RunningChange>, };

/**
 * Asks for the changes under way.
 */
export type ChangeStatusRequest = Record<symbol, never>;

/**
 * Which change.
 */
export type ChangeUndoRequest = { 
/**
 * The journal's entry.
 */
entry: string, };

/**
 * A call in a queue: AWS takes some of them rarely (UpdateUsagePlan once in 20 seconds).
 */
export type ChangeWait = { 
/**
 * Changes that go before it.
 */
ahead: number, 
/**
 * Seconds that are left, if nothing more urgent comes.
 */
secondsLeft: number, 
/**
 * The same as a sentence.
 */
sentence: string, };

/**
 * How a check came out.
 */
export type CheckOutcome = "ok" | "warning" | "problem";

/**
 * Patterns with `*` for anything, in any case. An event is CI's when either list matches, unless it came from AWS's web
 * console, where a person sat.
 */
export type CiPatterns = { 
/**
 * Of user agents.
 */
"user-agents": Array<string>, 
/**
 * Of principals: the ARN with role and session, or what there is instead.
 */
principals: Array<string>, };

/**
 * What a person lets the console do in a context.
 */
export type ContextAccess = { 
/**
 * Reads only, or changes too.
 */
mode: AccessMode, 
/**
 * Whether the context's name has to be typed before anything is changed (production).
 */
protected: boolean, };

/**
 * What may be done in a context from now on. Answers with [`crate::context_list::ContextList`].
 */
export type ContextAccessSetRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * What may be done there.
 */
access: ContextAccess, };

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
 * One context.
 */
export type ContextPosture = { 
/**
 * Its label.
 */
context: string, 
/**
 * Twelve digits, once known.
 */
account?: string | null, 
/**
 * Region, once known.
 */
region?: string | null, 
/**
 * When it was read, RFC 3339.
 */
readAt?: string | null, 
/**
 * APIs.
 */
apis: number, 
/**
 * Routes, preflights not counted.
 */
routes: number, 
/**
 * Failures by audience, those with the largest blast radius first; audiences without routes and findings left out.
 */
audiences: Array<AudienceCounts>, 
/**
 * The worst failures.
 */
worst: Array<Finding>, 
/**
 * New since the run before, or back.
 */
new: number, 
/**
 * Failures that somebody accepts.
 */
excepted: number, 
/**
 * Verdicts that could not be given.
 */
unknown: number, 
/**
 * Canaries.
 */
canaries: Array<RunningCanary>, 
/**
 * Routes whose draft differs from what is live.
 */
drifted: number, 
/**
 * Keys at the end of their quota or near it; `None` where usage was not read.
 */
quotaPressure?: number | null, 
/**
 * Names of alarms on API Gateway that are in the state ALARM; `None` where alarms were not read.
 */
alarmsBurning?: Array<string> | null, 
/**
 * What could not be read beyond the inventory, which says its own gaps.
 */
coverage: Coverage, };

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
 * A control with how often it said what.
 */
export type ControlCount = { 
/**
 * The control.
 */
control: ControlInfo, 
/**
 * Over all open contexts.
 */
tally: Tally, };

/**
 * A control as it is shown and written.
 */
export type ControlInfo = { 
/**
 * Its id.
 */
id: string, 
/**
 * What must hold.
 */
title: string, 
/**
 * What it judges.
 */
scope: Scope, 
/**
 * How bad a failure is, by audience.
 */
severities: Array<[Audience, Severity]>, 
/**
 * Why it matters.
 */
why: string, 
/**
 * When it passes and fails.
 */
logic: string, 
/**
 * What to do.
 */
remedy: string, 
/**
 * The operation of this console that makes the change.
 */
operation?: string | null, 
/**
 * AWS Security Hub and AWS Foundational Security Best Practices.
 */
securityHub: Array<string>, 
/**
 * PCI DSS 4.0.
 */
pci: Array<string>, 
/**
 * Prowler.
 */
prowler: Array<string>, };

/**
 * An alarm that covers.
 */
export type CoverAlarm = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its state.
 */
state: AlarmState, 
/**
 * Whether somebody is told.
 */
tells: boolean, 
/**
 * How wide it looks.
 */
scope: AlarmScope, };

/**
 * One subject of a stage or route.
 */
export type CoverCell = { 
/**
 * On what.
 */
subject: AlarmSubject, 
/**
 * The verdict.
 */
verdict: AlarmCoverVerdict, 
/**
 * The alarms that look there, narrowest first.
 */
alarms: Array<CoverAlarm>, };

/**
 * A stage, or a sensitive route of it.
 */
export type CoverRow = { 
/**
 * The context's label.
 */
context: string, 
/**
 * API.
 */
apiId: string, 
/**
 * Its name.
 */
apiName: string, 
/**
 * Product.
 */
apiKind: ApiKind, 
/**
 * Stage.
 */
stage: string, 
/**
 * `POST /login`; none for the stage as a whole.
 */
route?: string | null, 
/**
 * [`Route::id`].
 */
routeId?: string | null, 
/**
 * For whom, of a route.
 */
audience?: Audience | null, 
/**
 * What it does, of a route.
 */
class?: RouteClass | null, 
/**
 * Each subject, in order.
 */
cells: Array<CoverCell>, };

/**
 * Whether something before a route stops requests.
 */
export type CoverVerdict = "blocks" | "only-counts" | "no-rule" | "no-web-acl" | "not-possible" | "unknown";

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
 * A stage or route and what is missing there.
 */
export type CoverageLine = { 
/**
 * What there is.
 */
row: CoverRow, 
/**
 * What is missing and can be made.
 */
missing: Array<AlarmSubject>, };

/**
 * A route behind it.
 */
export type CoveredRoute = { 
/**
 * [`portcullis_domain::route::Route::id`].
 */
routeId: string, 
/**
 * `POST /login of storefront, prod`.
 */
label: string, 
/**
 * For whom.
 */
audience: Audience, 
/**
 * What it does.
 */
class: RouteClass, 
/**
 * How it stands.
 */
verdict: CoverVerdict, 
/**
 * The same in a sentence.
 */
sentence: string, };

/**
 * Where a context's credentials come from.
 */
export type CredentialSource = { "kind": "demo" } | { "kind": "defaultChain" } | { "kind": "profile", 
/**
 * The name inside `[profile NAME]`.
 */
name: string, };

/**
 * What a key used on one day, as `GetUsage` gives it.
 */
export type DayUse = { 
/**
 * The day, UTC.
 */
day: string, 
/**
 * Requests.
 */
used: number, 
/**
 * What AWS says is left of the period after that day; best effort, extensions included.
 */
remaining?: number, };

/**
 * The program's clock.
 */
export type DemoClockNow = { 
/**
 * What it says, RFC 3339.
 */
now: string, 
/**
 * How many times as fast as time.
 */
speed: number, 
/**
 * Whether it may be set: only the demo account is open.
 */
settable: boolean, };

/**
 * How fast.
 */
export type DemoClockSetRequest = { 
/**
 * How many times as fast as time, 1 to 60; without it, only says how it is.
 */
speed?: number | null, };

/**
 * One deployment.
 */
export type DeploymentLine = { 
/**
 * AWS's id.
 */
id: string, 
/**
 * As somebody typed it: hostile until shown as data.
 */
description?: string | null, 
/**
 * `createdDate`, RFC 3339.
 */
created?: string | null, 
/**
 * Made by a stage that deploys by itself.
 */
automatic: boolean, 
/**
 * It is what the stage of the request serves.
 */
current: boolean, 
/**
 * Stages that serve it, the one of the request among them.
 */
stages: Array<string>, 
/**
 * Stages whose canary it is.
 */
canaryOf: Array<string>, };

/**
 * The deployments of an API.
 */
export type DeploymentList = { 
/**
 * Product.
 */
apiKind: ApiKind, 
/**
 * Newest first.
 */
items: Array<DeploymentLine>, 
/**
 * Why the stage cannot be moved to another one, a sentence; absent when it can.
 */
fixed?: string | null, };

/**
 * Of which stage's API. Answers with [`DeploymentList`].
 */
export type DeploymentListRequest = { 
/**
 * The stage.
 */
stage: StageName, };

/**
 * All diagnoses.
 */
export type Diagnosis = { 
/**
 * What concerns no context: profiles, the files of this program and where they are.
 */
machine: Array<DiagnosisCheck>, 
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
export type Drift = "none" | "added" | "removed" | "changed" | "draft-only" | "live-only";

/**
 * What applies to a request, and why.
 */
export type EffectiveLimit = { 
/**
 * The lowest rate and the lowest burst of the layers that apply.
 */
limit: Limit, 
/**
 * Every layer, in AWS's order.
 */
layers: Array<ExplainedLayer>, };

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
export type ErrorCode = "invalid-input" | "not-found" | "credentials" | "denied" | "unreachable" | "read-only" | "confirmation-needed" | "conflict" | "canary-breached" | "change-failed" | "journal-unusable" | "rules-invalid" | "store-too-new" | "store-corrupted" | "store-unusable" | "cancelled" | "aws-refused" | "internal";

/**
 * Nothing to say.
 */
export type EventCancelRequest = Record<symbol, never>;

/**
 * With what somebody called AWS, as far as the user agent tells.
 */
export type EventClient = "console" | "cli" | "terraform" | "cloud-formation" | "portcullis" | "sdk" | "service" | "unknown";

/**
 * What of time is covered for one context: nothing is said about the rest.
 */
export type EventCovered = { 
/**
 * The context's label.
 */
context: string, 
/**
 * The account and region, or the event data store; none while nobody knows.
 */
place?: string | null, 
/**
 * `apigateway.amazonaws.com`, or `CloudTrail Lake` for all of them.
 */
source: string, 
/**
 * Everything that is known, oldest first; none when nothing was fetched yet.
 */
intervals: Array<Interval>, 
/**
 * What of the time that was asked for is not known, oldest first.
 */
holes: Array<Interval>, };

/**
 * Something to choose, with how many events have it.
 */
export type EventFacet = { 
/**
 * What the filter takes.
 */
value: string, 
/**
 * For people.
 */
label: string, 
/**
 * How many events.
 */
count: number, };

/**
 * What there is to choose from, the most frequent first, at most a hundred of each.
 */
export type EventFacets = { 
/**
 * APIs.
 */
apis: Array<EventFacet>, 
/**
 * Stages.
 */
stages: Array<EventFacet>, 
/**
 * Principals.
 */
principals: Array<EventFacet>, 
/**
 * Event sources.
 */
sources: Array<EventFacet>, 
/**
 * Contexts.
 */
contexts: Array<EventFacet>, };

/**
 * Which events. A list that is empty lets everything through.
 */
export type EventFilter = { 
/**
 * What is asked.
 */
question: EventQuestion, 
/**
 * Only events in which every word of this occurs: who, principal, what, name, source address, API, stage, context.
 */
text: string, 
/**
 * Ids or names of APIs.
 */
apis: Array<string>, 
/**
 * Stages.
 */
stages: Array<string>, 
/**
 * Parts of principals, in any case: an ARN, a role, a person.
 */
principals: Array<string>, 
/**
 * `apigateway.amazonaws.com`, or the part before the first dot.
 */
sources: Array<string>, 
/**
 * With what.
 */
clients: Array<EventClient>, 
/**
 * How it came out.
 */
outcomes: Array<EventOutcome>, 
/**
 * Labels of contexts.
 */
contexts: Array<string>, 
/**
 * Only by these.
 */
maker: EventMaker, };

/**
 * Which one.
 */
export type EventGetRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * CloudTrail's id.
 */
id: string, 
/**
 * When it was, RFC 3339, as the list says.
 */
at: string, };

/**
 * A page of events.
 */
export type EventList = { 
/**
 * The time that was asked for.
 */
interval: Interval, 
/**
 * Events in it.
 */
total: number, 
/**
 * Events that match.
 */
matching: number, 
/**
 * The page.
 */
items: Array<ChangeEvent>, 
/**
 * What there is to filter by, over all events of the time that was asked for.
 */
facets: EventFacets, 
/**
 * What of time is covered.
 */
covered: Array<EventCovered>, 
/**
 * What counts as CI.
 */
ci: CiPatterns, 
/**
 * How many events came of a fetch under way; none when there is none.
 */
fetching?: number | null, 
/**
 * What the last fetch could not get.
 */
coverage: Coverage, };

/**
 * Which events.
 */
export type EventListRequest = { 
/**
 * What is asked.
 */
filter: EventFilter, 
/**
 * From then on, RFC 3339; a week before `until` when not said.
 */
since?: string | null, 
/**
 * Until then, RFC 3339; now when not said.
 */
until?: string | null, 
/**
 * Lines to skip.
 */
offset: number, 
/**
 * Lines of a page, 1 to 500.
 */
limit: number, };

/**
 * Whose changes.
 */
export type EventMaker = "anybody" | "journal" | "elsewhere";

/**
 * A moment.
 */
export type EventMoment = { 
/**
 * The context's label.
 */
context: string, 
/**
 * The alarm's name.
 */
alarm: string, 
/**
 * Whether it is in the state ALARM.
 */
burning: boolean, 
/**
 * Since when it is in its state, RFC 3339.
 */
at: string, };

/**
 * The moments.
 */
export type EventMomentList = { 
/**
 * Burning ones first, then the latest.
 */
items: Array<EventMoment>, 
/**
 * What could not be read.
 */
coverage: Coverage, };

/**
 * Nothing to say.
 */
export type EventMomentListRequest = Record<symbol, never>;

/**
 * How a call came out.
 */
export type EventOutcome = "succeeded" | "denied" | "failed";

/**
 * One patch operation of an event.
 */
export type EventPatch = { 
/**
 * `replace`, `add`, `remove`, `copy`.
 */
op: string, 
/**
 * As AWS has it: `/~1login/POST/throttling/rateLimit`.
 */
path: string, 
/**
 * What the path means, in words.
 */
label: string, 
/**
 * The value before, where an earlier event tells.
 */
before?: string | null, 
/**
 * The new value; none for a removal.
 */
after?: string | null, };

/**
 * What people ask. What one principal did, and what was before an alarm, are asked with
 * [`EventFilter::principals`] and an interval.
 */
export type EventQuestion = "everything" | "denied" | "production-outside-deployment" | "outside-ci" | "by-hand";

/**
 * The record.
 */
export type EventRecord = { 
/**
 * JSON, indented; as it came where it is none.
 */
record: string, };

/**
 * What a fetch brought.
 */
export type EventRefresh = { 
/**
 * Events that came, those that were there already included.
 */
fetched: number, 
/**
 * Calls by service and operation.
 */
calls: { [key in string]: number }, 
/**
 * What could not be fetched.
 */
coverage: Coverage, };

/**
 * How far back.
 */
export type EventRefreshRequest = { 
/**
 * Since then, RFC 3339, what is not known yet; a week back when not said. CloudTrail's event history has 90 days.
 */
since?: string | null, };

/**
 * Where from. Answers with [`crate::context_list::ContextList`].
 */
export type EventSourceSetRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * The ARN or the id of an event data store of CloudTrail Lake, which may hold every account and region of an
 * organisation; none for CloudTrail's event history of this account and region.
 */
eventDataStore?: string | null, };

/**
 * Where something was read.
 */
export type Evidence = { 
/**
 * `apigateway:GetStages`.
 */
call: string, 
/**
 * Which answer of several: page, deployment, plan; empty for the only one.
 */
of: string, 
/**
 * JSON pointer (RFC 6901) into the answer.
 */
pointer: string, 
/**
 * What stands there, as JSON, at most 300 characters; `not there` where nothing does.
 */
value: string, 
/**
 * When it was read, RFC 3339.
 */
at: string, };

/**
 * What was written.
 */
export type EvidencePack = { 
/**
 * The folder.
 */
directory: string, 
/**
 * Its files, `SHA256SUMS` left out, which lists them all.
 */
files: Array<PackedFile>, 
/**
 * Whether nothing was missing when it was written.
 */
complete: boolean, };

/**
 * Where to.
 */
export type EvidencePackWriteRequest = { 
/**
 * A folder that is not there yet, absolute.
 */
directory: string, 
/**
 * From when on changes are extracted, RFC 3339; 90 days back when not said.
 */
since?: string | null, 
/**
 * Until when; now when not said.
 */
until?: string | null, };

/**
 * A layer with what it comes to.
 */
export type ExplainedLayer = { 
/**
 * A narrower entry of the same kind replaces this one for this method.
 */
replaced: boolean, 
/**
 * The rate in effect is this one's.
 */
bindsRate: boolean, 
/**
 * The burst in effect is this one's.
 */
bindsBurst: boolean, 
/**
 * Which layer.
 */
layer: LimitLayer, 
/**
 * Where, for a person: `usage plan clinics-small`, `stage prod, POST /login`.
 */
place: string, 
/**
 * What is set there; both halves empty when nothing is.
 */
limit: Limit, };

/**
 * File format.
 */
export type ExportFormat = "csv" | "json";

/**
 * One field's before and after.
 */
export type FieldChange = { 
/**
 * Index into [`Plan::targets`].
 */
target: number, 
/**
 * The field: `methodSettings/POST /login/rateLimit`.
 */
field: string, 
/**
 * The same for a person: `POST /login: rate limit (requests per second)`.
 */
label: string, 
/**
 * Live now; `None` when it is not set.
 */
before?: JsonValue | null, 
/**
 * After; `None` when it will not be set.
 */
after?: JsonValue | null, 
/**
 * Set by AWS as a consequence and not asked for (a first patch of one limit creates the whole entry).
 */
consequence: boolean, };

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
 * A verdict with everything that a person needs to believe it and to act.
 */
export type Finding = { 
/**
 * Stable over runs: control and resource.
 */
id: string, 
/**
 * The control's id.
 */
control: string, 
/**
 * The control's title.
 */
title: string, 
/**
 * What it says.
 */
verdict: Verdict, 
/**
 * How bad it is for this audience.
 */
severity: Severity, 
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
 * What it is about.
 */
resource: Resource, 
/**
 * API id, where there is one.
 */
apiId?: string | null, 
/**
 * API name.
 */
apiName?: string | null, 
/**
 * Stage.
 */
stage?: string | null, 
/**
 * The route; `None` only where no route is concerned (a key that opens nothing).
 */
route?: NamedRoute | null, 
/**
 * Whose the route is, with what decided it.
 */
audience: AudienceDecision, 
/**
 * What should be, a sentence without a full stop.
 */
expected: string, 
/**
 * What is.
 */
actual: string, 
/**
 * Where that was read.
 */
evidence: Array<Evidence>, 
/**
 * Commands that put it right.
 */
commands: Array<string>, 
/**
 * The same as a change of this console, where it can make it.
 */
change?: SuggestedChange | null, 
/**
 * Who accepts it, if somebody does.
 */
exception?: FindingException | null, 
/**
 * Whether the exception is over.
 */
exceptionExpired: boolean, 
/**
 * How it stands to the run before; `None` before any run was kept, and for what is no failure.
 */
novelty?: Novelty | null, 
/**
 * In which run it was first seen, RFC 3339.
 */
firstSeen?: string | null, };

/**
 * An exception: somebody accepts a finding for a time.
 */
export type FindingException = { 
/**
 * Why.
 */
reason: string, 
/**
 * Who answers for it.
 */
owner: string, 
/**
 * Until when, a day (`2026-06-30`); from the next day on it counts again.
 */
expires: string, 
/**
 * Who entered it.
 */
by: string, 
/**
 * When, RFC 3339.
 */
at: string, };

/**
 * What is accepted, why, by whom, until when.
 */
export type FindingExceptionSetRequest = { 
/**
 * The finding.
 */
findingId: string, 
/**
 * The exception; `null` takes it back.
 */
exception?: NewException | null, };

/**
 * Which findings. Empty lists let everything through.
 */
export type FindingFilter = { 
/**
 * Verdicts; failures and unknowns when empty.
 */
verdicts: Array<Verdict>, 
/**
 * Severities.
 */
severities: Array<Severity>, 
/**
 * Audiences.
 */
audiences: Array<Audience>, 
/**
 * Ids of controls.
 */
controls: Array<string>, 
/**
 * Labels of contexts.
 */
contexts: Array<string>, 
/**
 * How they stand to the run before.
 */
novelties: Array<Novelty>, 
/**
 * Ids of findings.
 */
ids: Array<string>, 
/**
 * Only those with an exception in force, or only those without.
 */
excepted?: boolean | null, 
/**
 * Every word must be in the control's id, title, resource, API, stage, route, or what is the case.
 */
text: string, };

/**
 * A group's header.
 */
export type FindingGroup = { 
/**
 * Stable.
 */
key: string, 
/**
 * For people.
 */
label: string, 
/**
 * How many findings.
 */
count: number, 
/**
 * Of these, failures that count, by severity, worst first; those that are none are left out.
 */
severities: Array<[Severity, number]>, 
/**
 * Of these, what is not known.
 */
unknown: number, };

/**
 * What groups are made by.
 */
export type FindingGroupBy = "severity" | "audience" | "control" | "api" | "context" | "none";

/**
 * A line: a group's header or a finding.
 */
export type FindingLine = { "line": "group", 
/**
 * The group.
 */
group: FindingGroup, 
/**
 * Whether it is folded.
 */
collapsed: boolean, } | { "line": "finding", 
/**
 * The finding.
 */
finding: Finding, };

/**
 * The page.
 */
export type FindingList = { 
/**
 * Failures and unknowns in all open contexts.
 */
total: number, 
/**
 * Findings that match.
 */
matching: number, 
/**
 * Lines of the whole list.
 */
lineCount: number, 
/**
 * The lines `offset .. offset + limit`.
 */
lines: Array<FindingLine>, 
/**
 * Every control, in the catalogue's order.
 */
controls: Array<ControlCount>, 
/**
 * Counts over everything, whatever the filter; `at` is the last run's time, empty before the first.
 */
run: PostureRun, 
/**
 * Whether the evidence that routes do not need (plans, keys, certificates) was read for every open context.
 */
evidenceRead: boolean, 
/**
 * What could not be read beyond the inventory, which says its own gaps; `run` has both.
 */
coverage: Coverage, };

/**
 * Which lines of which list.
 */
export type FindingListRequest = { 
/**
 * Filter and grouping.
 */
query: FindingQuery, 
/**
 * Keys of groups that are folded.
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
 * Filter, grouping and order.
 */
export type FindingQuery = { 
/**
 * Which.
 */
filter: FindingFilter, 
/**
 * In which groups. Inside a group the worst come first, then by audience, control and resource.
 */
groupBy: FindingGroupBy, };

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
 * When a guard is looked at.
 */
export type GuardWhen = "forward" | "back" | "both";

/**
 * Limits of one HTTP or WebSocket route, as `RouteSettings` has them.
 */
export type HttpRouteLimit = { 
/**
 * `GET /pets`, `$default`, `$connect`.
 */
routeKey: string, 
/**
 * What to set; a half that is absent is left alone.
 */
limit: Limit, };

/**
 * A policy document.
 */
export type IamPolicy = { 
/**
 * JSON, pretty-printed, fit for `aws iam create-policy --policy-document`.
 */
document: string, 
/**
 * The operations that it is for.
 */
operations: Array<string>, 
/**
 * What it deliberately does not allow, and what to know of it, sentences.
 */
notes: Array<string>, };

/**
 * For whom, and where.
 */
export type IamPolicyRequest = { 
/**
 * `read-only`, `operator` (also `operations`), `support`, or names of operations.
 */
roles: Array<string>, 
/**
 * Only in these regions; every region when empty.
 */
regions: Array<string>, 
/**
 * Name the accounts, regions and APIs of the open contexts, as far as they were read, instead of `*`.
 */
openContexts: boolean, };

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
 * An interrupted change against the live state.
 */
export type Interrupted = { 
/**
 * The journal's entry.
 */
entry: string, 
/**
 * One per step of the plan.
 */
steps: Array<StepState>, 
/**
 * Live fields, one per target; `None` where they could not be read.
 */
live: (Record<string, unknown> | null)[], };

/**
 * From one moment to another, both inside.
 */
export type Interval = { 
/**
 * RFC 3339.
 */
from: string, 
/**
 * RFC 3339.
 */
to: string, };

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
 * An entry, and what CloudTrail has of each of its calls.
 */
export type JournalDetail = { 
/**
 * How it stands.
 */
state: JournalState, 
/**
 * One per step.
 */
trail: Array<StepTrail>, 
/**
 * The entry's id.
 */
id: string, 
/**
 * RFC 3339.
 */
openedAt: string, 
/**
 * RFC 3339; absent while the change is under way, and when it was interrupted.
 */
closedAt?: string | null, 
/**
 * Who.
 */
actor: Actor, 
/**
 * Why, in the person's words; of a note, the note.
 */
reason: string, 
/**
 * The entry that this one undoes.
 */
follows?: string | null, 
/**
 * Later entries that undo this one and were applied.
 */
undoneBy: Array<string>, 
/**
 * The plan; a note has none.
 */
plan?: Plan | null, 
/**
 * How it ended; absent when it did not.
 */
outcome?: Outcome | null, 
/**
 * What was said at the end.
 */
message?: string | null, 
/**
 * One per step of the plan.
 */
steps: Array<JournalStep>, };

/**
 * One change, or one note, put together from its records.
 */
export type JournalEntry = { 
/**
 * The entry's id.
 */
id: string, 
/**
 * RFC 3339.
 */
openedAt: string, 
/**
 * RFC 3339; absent while the change is under way, and when it was interrupted.
 */
closedAt?: string | null, 
/**
 * Who.
 */
actor: Actor, 
/**
 * Why, in the person's words; of a note, the note.
 */
reason: string, 
/**
 * The entry that this one undoes.
 */
follows?: string | null, 
/**
 * Later entries that undo this one and were applied.
 */
undoneBy: Array<string>, 
/**
 * The plan; a note has none.
 */
plan?: Plan | null, 
/**
 * How it ended; absent when it did not.
 */
outcome?: Outcome | null, 
/**
 * What was said at the end.
 */
message?: string | null, 
/**
 * One per step of the plan.
 */
steps: Array<JournalStep>, };

/**
 * What was written.
 */
export type JournalExport = { 
/**
 * Where.
 */
path: string, 
/**
 * How many records (JSON Lines) or changes (CSV).
 */
lines: number, };

/**
 * What to write where.
 */
export type JournalExportRequest = { 
/**
 * In which format.
 */
format: JournalFormat, 
/**
 * Where to; an absolute path from the save dialog.
 */
path: string, };

/**
 * File format.
 */
export type JournalFormat = "jsonl" | "csv";

/**
 * Which entry.
 */
export type JournalGetRequest = { 
/**
 * The entry's id.
 */
entry: string, };

/**
 * A line of the journal.
 */
export type JournalLine = { 
/**
 * The entry's id.
 */
id: string, 
/**
 * RFC 3339.
 */
openedAt: string, 
/**
 * Who.
 */
actor: Actor, 
/**
 * The operation: `throttle_set`; empty for a note.
 */
operation: string, 
/**
 * What, one sentence.
 */
title: string, 
/**
 * Labels of the contexts that it changed.
 */
contexts: Array<string>, 
/**
 * Why.
 */
reason: string, 
/**
 * How it stands.
 */
state: JournalState, 
/**
 * What was said at the end.
 */
message?: string | null, 
/**
 * The entry that this one undoes.
 */
follows?: string | null, };

/**
 * A page of the journal.
 */
export type JournalList = { 
/**
 * Entries in the journal.
 */
total: number, 
/**
 * Entries that match.
 */
matching: number, 
/**
 * Changes that were interrupted, whatever the filter.
 */
unfinished: number, 
/**
 * The page.
 */
lines: Array<JournalLine>, };

/**
 * Which changes.
 */
export type JournalListRequest = { 
/**
 * Only lines in which every word of this occurs: id, title, context, reason, who, outcome.
 */
text: string, 
/**
 * Only this outcome; `unfinished` is one.
 */
outcome?: JournalState | null, 
/**
 * Lines to skip.
 */
offset: number, 
/**
 * Lines of a page, 1 to 500.
 */
limit: number, };

/**
 * How a change stands.
 */
export type JournalState = "applied" | "undone" | "rolled-back" | "partial" | "conflict" | "refused" | "mismatch" | "running" | "unfinished" | "note";

/**
 * A step as the journal has it.
 */
export type JournalStep = { 
/**
 * How far it came.
 */
state: JournalStepState, 
/**
 * AWS's request id.
 */
requestId?: string | null, 
/**
 * How long the call took, ms.
 */
millis?: number, 
/**
 * Why it failed.
 */
message?: string | null, };

/**
 * What the journal says of a step. After a crash only the live state tells whether a step that was `Started` happened.
 */
export type JournalStepState = "not-started" | "started" | "done" | "failed";

/**
 * What the check found.
 */
export type JournalVerdict = { 
/**
 * Whether every record is there, in order, and as it was written.
 */
whole: boolean, 
/**
 * Records that were checked; with a fault, 0.
 */
records: number, 
/**
 * The first fault, a sentence without a full stop.
 */
fault?: string | null, 
/**
 * The journal's file.
 */
path?: string | null, };

/**
 * Asks for the check.
 */
export type JournalVerifyRequest = Record<symbol, never>;

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/**
 * The word and why.
 */
export type Judgement = { 
/**
 * The word.
 */
verdict: CanaryVerdict, 
/**
 * Why, a sentence each.
 */
reasons: Array<string>, };

/**
 * How one key of a batch ended.
 */
export type KeyOutcome = "done" | "failed" | "not-begun";

/**
 * One key's part of a batch.
 */
export type KeyPlan = { 
/**
 * The old key's id.
 */
keyId: string, 
/**
 * Its name.
 */
keyName: string, 
/**
 * The change, which is applied, kept in the journal and undone by itself.
 */
plan: Plan, };

/**
 * One key of a batch, afterwards.
 */
export type KeyResult = { 
/**
 * The old key's id.
 */
keyId: string, 
/**
 * Its name.
 */
keyName: string, 
/**
 * How it ended.
 */
outcome: KeyOutcome, 
/**
 * The journal's entry, where one was opened.
 */
entry?: string | null, 
/**
 * Why it failed.
 */
error?: WireError | null, };

/**
 * Which key, and where to.
 */
export type KeyRevealRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Key id.
 */
keyId: string, 
/**
 * Why; kept in the journal.
 */
reason: string, 
/**
 * The context's name as the person typed it; asked for where the context is protected.
 */
typed?: string | null, 
/**
 * A file that is made for it, readable by this user alone; without it the value is in the answer.
 */
path?: string | null, };

/**
 * Which key, which stage.
 */
export type KeyRotateRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * The id of the old key, or of the new one once there is one; never a value.
 */
keyId: string, 
/**
 * The stage; without it the one whose turn it is.
 */
stage?: RotationStage | null, 
/**
 * For `start`: how long both keys shall work, days; without it as the settings say.
 */
overlapDays?: number | null, 
/**
 * For `disable` and `delete`: why it is done although the overlap lasts, the old key is still used, nobody knows whether
 * it is, or it did not wait long enough. Stands in the plan, and so in the journal.
 */
overrideReason?: string | null, };

/**
 * One key at the route.
 */
export type KeyVerdict = { 
/**
 * Key id.
 */
keyId: string, 
/**
 * The key's name.
 */
keyName: string, 
/**
 * The verdict first.
 */
sentences: Array<string>, 
/**
 * Every layer of the rate limit.
 */
effective: EffectiveLimit, };

/**
 * The answer, or that there is none.
 */
export type LastUse = { "kind": "day", 
/**
 * The day.
 */
day: string, } | { "kind": "never" } | { "kind": "no-plan" } | { "kind": "unknown", 
/**
 * Names of the plans without numbers; empty when not even the plans could be read.
 */
plans: Array<string>, };

/**
 * A key that matches and is not part of the batch.
 */
export type LeftOut = { 
/**
 * The old key's id.
 */
keyId: string, 
/**
 * Its name.
 */
keyName: string, 
/**
 * Why, a sentence.
 */
why: string, };

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
 * A layer, in the order in which AWS applies them.
 */
export type LimitLayer = "usage-plan-method" | "usage-plan" | "stage-method" | "stage-default" | "account" | "region";

/**
 * Whether requests are logged.
 */
export type LoggingState = { "kind": "on" } & WebAclLogging | { "kind": "off" } | { "kind": "unknown" };

/**
 * A key that is in no plan.
 */
export type LooseKey = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, };

/**
 * What kind of thing happened.
 */
export type MarkKind = "deployment" | "change" | "alarm";

/**
 * A plan's limit for one method.
 */
export type MethodLimit = { 
/**
 * API id and stage.
 */
stage: string, 
/**
 * `GET /pets`.
 */
method: string, 
/**
 * For each key.
 */
limit: Limit, };

/**
 * A chart.
 */
export type MetricChart = { 
/**
 * For a person.
 */
title: string, 
/**
 * In what it counts.
 */
unit: MetricUnit, 
/**
 * Its lines.
 */
lines: Array<MetricLine>, 
/**
 * Where alarms go off.
 */
thresholds: Array<MetricThreshold>, };

/**
 * A line of a chart.
 */
export type MetricLine = { 
/**
 * `p90`.
 */
title: string, 
/**
 * Start of the period in seconds since the epoch, and the value; periods without one are absent.
 */
points: [number, number][], };

/**
 * Something that happened in the window.
 */
export type MetricMark = { 
/**
 * RFC 3339.
 */
at: string, 
/**
 * What kind.
 */
kind: MarkKind, 
/**
 * A sentence.
 */
what: string, 
/**
 * Who, where that is known.
 */
who?: string | null, 
/**
 * The entry of this console's journal.
 */
journalEntry?: string | null, 
/**
 * The alarm whose state changed.
 */
alarm?: string | null, 
/**
 * Whether it is bad news: an alarm that went off.
 */
burns: boolean, };

/**
 * A number that an alarm compares with.
 */
export type MetricThreshold = { 
/**
 * The alarm.
 */
alarm: string, 
/**
 * In the chart's unit.
 */
value: number, };

/**
 * In what a chart counts.
 */
export type MetricUnit = "requests" | "percent" | "milliseconds";

/**
 * The charts and what happened.
 */
export type MetricsShow = { 
/**
 * Name of the API.
 */
apiName: string, 
/**
 * Stage.
 */
stage: string, 
/**
 * The route's key, when one was asked for.
 */
route?: string | null, 
/**
 * Whose metrics.
 */
source: MetricsSource, 
/**
 * RFC 3339.
 */
from: string, 
/**
 * RFC 3339.
 */
to: string, 
/**
 * Seconds.
 */
period: number, 
/**
 * Requests, error rates, latency.
 */
charts: Array<MetricChart>, 
/**
 * Oldest first.
 */
marks: Array<MetricMark>, 
/**
 * Alarms of the stage or route that are in ALARM now.
 */
burning: Array<string>, 
/**
 * What to know when reading this, sentences.
 */
notes: Array<string>, 
/**
 * What could not be read.
 */
coverage: Coverage, 
/**
 * Calls by service and operation.
 */
calls: { [key in string]: number }, };

/**
 * Of what, over which time.
 */
export type MetricsShowRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * A route of it: its key (`POST /login`), or [`Route::id`].
 */
route?: string | null, 
/**
 * How many hours, 1 to 336.
 */
hours: number, 
/**
 * Until then, RFC 3339; now without it.
 */
until?: string | null, };

/**
 * Whose metrics are shown.
 */
export type MetricsSource = "stage" | "route" | "stage-instead";

/**
 * The route that a finding names: the one it is about, or of many the one whose audience weighs most.
 */
export type NamedRoute = { 
/**
 * [`crate::route::Route::id`].
 */
id: string, 
/**
 * `POST`.
 */
method: string, 
/**
 * `/v2/login`.
 */
path: string, 
/**
 * How many routes it concerns, this one among them.
 */
count: number, 
/**
 * The first twenty of them, `METHOD /path`, in order of weight.
 */
others: Array<string>, };

/**
 * The canary of a new deployment.
 */
export type NewCanary = { 
/**
 * Share of requests, percent, 0.0 to 100.0.
 */
percentTraffic: number, 
/**
 * Variables that differ for the candidate.
 */
stageVariableOverrides: { [key in string]: string }, 
/**
 * Whether the candidate uses the stage's cache.
 */
useStageCache: boolean, };

/**
 * An exception as a person enters it.
 */
export type NewException = { 
/**
 * Why.
 */
reason: string, 
/**
 * Who answers for it.
 */
owner: string, 
/**
 * The last day on which it holds (`2026-06-30`), at most a year ahead.
 */
expires: string, };

/**
 * The key that takes another's place.
 */
export type NewKey = { 
/**
 * Id; never its value.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Whether API Gateway accepts it.
 */
enabled: boolean, 
/**
 * When it was last used.
 */
lastUse: LastUse, };

/**
 * How a finding stands to the run before.
 */
export type Novelty = "new" | "returned" | "known";

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
access: ContextAccess, 
/**
 * The event data store that its configuration changes come from; none for CloudTrail's event history.
 */
eventDataStore?: string | null, };

/**
 * A stage that a plan opens.
 */
export type OpenedStage = { 
/**
 * API.
 */
apiId: string, 
/**
 * Its name; absent when there is no such API (any more).
 */
apiName?: string | null, 
/**
 * Stage.
 */
stage: string, 
/**
 * How many methods have a limit of their own in this plan.
 */
methodLimits: number, 
/**
 * Those methods, by path and method.
 */
methods: Array<PlanMethodLimit>, };

/**
 * How an entry ended.
 */
export type Outcome = "applied" | "rolled-back" | "partial" | "conflict" | "refused" | "mismatch";

/**
 * A file of the pack.
 */
export type PackedFile = { 
/**
 * Its name in the folder.
 */
name: string, 
/**
 * What it is.
 */
what: string, 
/**
 * Its size, bytes.
 */
bytes: number, 
/**
 * SHA-256 of its content, lower-case hexadecimal.
 */
sha256: string, };

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
 * The operations of a patch list that API Gateway supports at all; `move` and `test` it never does.
 */
export type PatchOp = "add" | "replace" | "remove" | "copy";

/**
 * One patch operation. Numbers and booleans travel as strings.
 */
export type PatchOperation = { 
/**
 * What to do.
 */
op: PatchOp, 
/**
 * Where.
 */
path: string, 
/**
 * With what; absent on `remove` and `copy`.
 */
value?: string | null, 
/**
 * From where, on `copy`.
 */
from?: string | null, };

/**
 * Everything that a change will do.
 */
export type Plan = { 
/**
 * Name for applying it; made when the plan is.
 */
id: string, 
/**
 * The operation that made it: `throttle_set`.
 */
operation: string, 
/**
 * One sentence.
 */
title: string, 
/**
 * What is changed.
 */
targets: Array<PlanTarget>, 
/**
 * Field by field; empty when there is nothing to do.
 */
changes: Array<FieldChange>, 
/**
 * The calls, in order.
 */
steps: Array<PlanStep>, 
/**
 * What to read first.
 */
warnings: Array<Warning>, 
/**
 * Routes that it touches.
 */
routes: Array<TouchedRoute>, 
/**
 * Tenants that it touches.
 */
tenants: Array<TouchedTenant>, 
/**
 * The journal's entry that this plan undoes, if it does.
 */
undoes?: string | null, 
/**
 * How it is undone, a sentence.
 */
undo: string, 
/**
 * Prefixes of the fields that the plan depends on: only these are compared before and after.
 */
watched: Array<string>, 
/**
 * The live state of each target that the plan was made from, watched fields only.
 */
fieldsBefore: Record<string, unknown>[], 
/**
 * SHA-256 over `fields_before`, hexadecimal.
 */
fingerprint: string, 
/**
 * What must be so of things that the plan does not change.
 */
guards?: Array<PlanGuard>, 
/**
 * When it was made, RFC 3339.
 */
madeAt: string, };

/**
 * Which plan, and the person's word.
 */
export type PlanApplyRequest = { 
/**
 * [`Plan::id`].
 */
planId: string, 
/**
 * Why, in the person's words; kept in the journal.
 */
reason: string, 
/**
 * The names of the protected contexts that the plan changes, as the person typed them.
 */
typed: Array<string>, 
/**
 * Whether the warnings that something becomes looser, or refuses everything, were acknowledged.
 */
acknowledged: boolean, 
/**
 * The kinds of warnings that are accepted by themselves ([`WarningKind::is_accepted_apart`]) and were.
 */
accepted: Array<WarningKind>, };

/**
 * One finding, with the sentence.
 */
export type PlanFinding = { 
/**
 * What kind.
 */
kind: PlanFindingKind, 
/**
 * What is wrong and what it means.
 */
message: string, };

/**
 * What kind of finding.
 */
export type PlanFindingKind = "spans-audiences" | "methods-without-key" | "stage-gone" | "no-quota" | "no-throttle" | "no-stages" | "no-keys";

/**
 * A condition on something else.
 */
export type PlanGuard = { 
/**
 * On what.
 */
target: PlanTarget, 
/**
 * Prefixes of the fields that are compared.
 */
watched: Array<string>, 
/**
 * What these fields must be; a field that is not named here must not be set.
 */
fields: Record<string, unknown>, 
/**
 * When.
 */
when: GuardWhen, 
/**
 * What would happen otherwise, a sentence.
 */
why: string, };

/**
 * A plan's limit for one method of a stage that it opens.
 */
export type PlanMethodLimit = { 
/**
 * `GET`.
 */
method: string, 
/**
 * `/pets`.
 */
path: string, 
/**
 * For each key.
 */
limit: Limit, };

/**
 * Methods of the plan's stages, and how many of them ask for a key.
 */
export type PlanMethods = { 
/**
 * Served methods of all its stages.
 */
methods: number, 
/**
 * Those that require a key: only there the plan counts.
 */
withKey: number, };

/**
 * One call of a plan.
 */
export type PlanStep = { 
/**
 * Index into [`Plan::targets`].
 */
target: number, 
/**
 * The call.
 */
call: AwsCall, 
/**
 * The same as an `aws` command.
 */
command: string, 
/**
 * The IAM action that it needs.
 */
iamAction: string, 
/**
 * On this resource.
 */
resourceArn: string, 
/**
 * The target's fields when this step is done.
 */
fieldsAfter: Record<string, unknown>, };

/**
 * What is changed: the unit that is read before, compared, written and read back.
 */
export type PlanTarget = { "kind": "restStage", 
/**
 * The context's label.
 */
context: string, 
/**
 * API.
 */
apiId: string, 
/**
 * Its name, for people.
 */
apiName: string, 
/**
 * Stage.
 */
stage: string, } | { "kind": "httpStage", 
/**
 * The context's label.
 */
context: string, 
/**
 * API.
 */
apiId: string, 
/**
 * Its name, for people.
 */
apiName: string, 
/**
 * Stage.
 */
stage: string, } | { "kind": "usagePlan", 
/**
 * The context's label.
 */
context: string, 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * Its name, for people.
 */
planName: string, } | { "kind": "planKey", 
/**
 * The context's label.
 */
context: string, 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * Its name, for people.
 */
planName: string, 
/**
 * Key; never its value.
 */
keyId: string, 
/**
 * Its name, for people.
 */
keyName: string, } | { "kind": "apiKey", 
/**
 * The context's label.
 */
context: string, 
/**
 * Key; never its value.
 */
keyId: string, 
/**
 * Its name, for people.
 */
keyName: string, } | { "kind": "newApiKey", 
/**
 * The context's label.
 */
context: string, 
/**
 * The name.
 */
keyName: string, 
/**
 * The id of the key whose place it takes, as its tag says; names need not be unique.
 */
rotates: string, } | { "kind": "newPlanKey", 
/**
 * The context's label.
 */
context: string, 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * Its name, for people.
 */
planName: string, 
/**
 * The new key's name.
 */
keyName: string, 
/**
 * The id of the key whose place it takes.
 */
rotates: string, } | { "kind": "webAcl", 
/**
 * The context's label.
 */
context: string, 
/**
 * ARN; it has scope, name and id.
 */
arn: string, 
/**
 * Its name, for people.
 */
name: string, } | { "kind": "alarm", 
/**
 * The context's label.
 */
context: string, 
/**
 * The name.
 */
alarmName: string, };

/**
 * Every open context.
 */
export type PostureOverview = { 
/**
 * One for each.
 */
contexts: Array<ContextPosture>, 
/**
 * Whether plans, keys and certificates were read for each of them.
 */
evidenceRead: boolean, 
/**
 * The last run, RFC 3339.
 */
lastRun?: string | null, };

/**
 * Asks for it.
 */
export type PostureOverviewRequest = Record<symbol, never>;

/**
 * Asks for a run.
 */
export type PostureRefreshRequest = Record<symbol, never>;

/**
 * What a run found.
 */
export type PostureRun = { 
/**
 * When, RFC 3339.
 */
at: string, 
/**
 * Failures that count, by severity, worst first.
 */
failing: Array<[Severity, number]>, 
/**
 * Verdicts that could not be given.
 */
unknown: number, 
/**
 * Failures that are accepted for now.
 */
excepted: number, 
/**
 * New since the run before; nothing in a first run.
 */
new: number, 
/**
 * Fixed once and back.
 */
returned: number, 
/**
 * Fixed since the run before.
 */
fixed: Array<SeenFinding>, 
/**
 * What is missing.
 */
coverage: Coverage, };

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
 * Requests per period, for each key.
 */
export type Quota = { 
/**
 * Requests; 0 refuses everything.
 */
limit: number, 
/**
 * Per what.
 */
period: QuotaPeriod, 
/**
 * Requests that the first period of a key allows less, 0 for none (API reference, `QuotaSettings`). What AWS says is
 * left counts it already; where AWS says nothing yet, the whole limit is what is told.
 */
offset: number, };

/**
 * Which key in which plan, and how much.
 */
export type QuotaExtendRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * Key id; never its value.
 */
keyId: string, 
/**
 * Requests: `+5000` for so many more than are left, `5000` for so many in all. Text, as a person typed it.
 */
requests: string, };

/**
 * The period that a quota is for.
 */
export type QuotaPeriod = "DAY" | "WEEK" | "MONTH";

/**
 * Which plan, which quota.
 */
export type QuotaSetRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * Requests per period, as a person typed it; absent removes the quota.
 */
limit?: string | null, 
/**
 * Per what; absent leaves it, and means a day where there was no quota.
 */
period?: QuotaPeriod | null, };

/**
 * Where a key stands in its quota's running period. Numbers are AWS's, best effort and up to 40 minutes old.
 */
export type QuotaStanding = { 
/**
 * In words.
 */
state: QuotaState, 
/**
 * Requests of the running period; without a quota, of today.
 */
used: number, 
/**
 * What the period allows, extensions included: used and remaining together.
 */
limit?: number, 
/**
 * What AWS says is left; best effort.
 */
remaining?: number, 
/**
 * Of the limit, 0 to 100; absent without a quota and for a quota of 0.
 */
percent?: number | null, 
/**
 * Requests per day: the median of the last seven whole days.
 */
burnPerDay?: number | null, 
/**
 * The day on which the quota will be gone at this pace; absent when it lasts until it is reset.
 */
exhaustedOn?: string, 
/**
 * The day on which AWS counts afresh.
 */
resetsOn?: string, 
/**
 * The last day with a request, of those that were read.
 */
lastUsedOn?: string, };

/**
 * How a key stands in a plan, worst first: the order of the board.
 */
export type QuotaState = "over" | "at90" | "at75" | "fine" | "no-quota" | "unknown" | "no-plan" | "unused" | "disabled";

/**
 * A rate that a rule limits.
 */
export type RateLimit = { 
/**
 * Requests of a window.
 */
limit: number, 
/**
 * The window, seconds.
 */
window: number, };

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
 * A release.
 */
export type Release = { 
/**
 * Its name.
 */
id: string, 
/**
 * The stage.
 */
target: PlanTarget, 
/**
 * The candidate's deployment.
 */
candidate: string, 
/**
 * What was agreed.
 */
terms: ReleaseTerms, 
/**
 * The template that the terms came from.
 */
template?: string | null, 
/**
 * When it began.
 */
begun: string, 
/**
 * From when on requests count.
 */
since: string, 
/**
 * When it ends.
 */
deadline: string, 
/**
 * Who began it.
 */
begunBy: Actor, 
/**
 * What the person confirmed, a sentence.
 */
confirmation: string, 
/**
 * The journal's entry of that; absent where the console may only look.
 */
confirmedIn?: string | null, 
/**
 * What the stage is like as far as this release knows: anything else was somebody else.
 */
expected: Record<string, unknown>, 
/**
 * Which step of the terms is on, from 0.
 */
step: number, 
/**
 * Since when.
 */
stepSince: string, 
/**
 * How it stands.
 */
state: ReleaseState, 
/**
 * The same in a sentence.
 */
words: string, 
/**
 * The last verdict and why; absent before the first look.
 */
judgement?: Judgement | null, 
/**
 * When it was last looked at.
 */
looked?: string | null, 
/**
 * How often.
 */
looks: number, 
/**
 * When nobody looked, or a look failed; the latest.
 */
gaps: Array<ReleaseGap>, 
/**
 * What is being done right now.
 */
intent?: ReleaseIntent | null, 
/**
 * What the console could not do, a sentence; it tries again at the next look.
 */
trouble?: string | null, 
/**
 * Entries of the journal that this release made.
 */
entries: Array<string>, 
/**
 * When it ended.
 */
ended?: string | null, };

/**
 * A span of time that nobody watched. What happened in it is read from CloudWatch afterwards.
 */
export type ReleaseGap = { 
/**
 * RFC 3339.
 */
from: string, 
/**
 * RFC 3339.
 */
to: string, 
/**
 * Why, a sentence.
 */
why: string, };

/**
 * What the console was about to do, written down before it was begun.
 */
export type ReleaseIntent = { 
/**
 * The journal's entry.
 */
entry: string, 
/**
 * The share to set; absent for removing the canary.
 */
percent?: number | null, };

/**
 * A release, and what a person wants to know of it.
 */
export type ReleaseLine = { 
/**
 * The release; without the fields of the stage, which may hold the values of stage variables.
 */
release: Release, 
/**
 * Its stage.
 */
stage: StageName, 
/**
 * What happens next, a sentence each.
 */
next: Array<string>, 
/**
 * Whole minutes until it ends.
 */
minutesLeft: number, 
/**
 * Why nobody looks at it although it runs, a sentence.
 */
unwatched?: string | null, 
/**
 * What this program saw in its last look.
 */
watch?: CanaryWatch | null, };

/**
 * What the console does about a breach.
 */
export type ReleaseMode = "observe" | "recommend" | "automatic";

/**
 * How a release stands.
 */
export type ReleaseState = "watching" | "healthy" | "inconclusive" | "breached" | "rolled-back" | "promoted" | "removed" | "conflict" | "stopped";

/**
 * A share and for how long.
 */
export type ReleaseStep = { 
/**
 * Share of the requests, percent, over 0 to 100.
 */
percent: number, 
/**
 * How long the candidate has to be healthy at it, minutes.
 */
minutes: number, };

/**
 * What a candidate is held to, what is done about a breach, and by which steps it is widened.
 */
export type ReleaseTerms = { 
/**
 * What the candidate is held to. With steps, `minutes` is theirs.
 */
criteria: CanaryCriteria, 
/**
 * What is done about a breach.
 */
mode: ReleaseMode, 
/**
 * Shares, one after the other, each only when the candidate was healthy over the one before; empty for none.
 */
steps: Array<ReleaseStep>, };

/**
 * What the limit would have done.
 */
export type Replay = { 
/**
 * Minute by minute; minutes without requests are not in the list and have refilled the bucket.
 */
minutes: Array<ReplayedMinute>, 
/**
 * All requests.
 */
requests: number, 
/**
 * Refused in total if requests came evenly.
 */
refusedEven: number, 
/**
 * Refused in total if each minute's requests came within a second.
 */
refusedAtOnce: number, };

/**
 * Whose requests were replayed.
 */
export type ReplaySource = "route" | "stage" | "none";

/**
 * How far back.
 */
export type ReplayWindow = "day" | "week";

/**
 * What the limit would have done in one minute.
 */
export type ReplayedMinute = { 
/**
 * Start of the minute, seconds since the epoch.
 */
minute: number, 
/**
 * Requests that came.
 */
requests: number, 
/**
 * Refused if they came evenly: the least.
 */
refusedEven: number, 
/**
 * Refused if they all came within a second: the most.
 */
refusedAtOnce: number, };

/**
 * What the finding is about.
 */
export type Resource = { 
/**
 * What it is.
 */
scope: Scope, 
/**
 * AWS's id or name of it.
 */
id: string, 
/**
 * For a person: `POST /v2/login`, `stage prod of storefront`.
 */
label: string, 
/**
 * Its ARN, where AWS has one.
 */
arn?: string | null, };

/**
 * What to do with it.
 */
export type ResumeWay = "look" | "finish" | "take-back";

/**
 * An interrupted change and how it stands.
 */
export type ResumedChange = { 
/**
 * The entry, after what was done.
 */
entry: JournalEntry, 
/**
 * What was live when it was looked at, before anything was done.
 */
interrupted: Interrupted, };

/**
 * The value, on its way to the person.
 */
export type RevealedKey = { 
/**
 * The value; absent when it was written to a file.
 */
value?: string | null, 
/**
 * The file.
 */
path?: string | null, 
/**
 * The journal's entry.
 */
entry: string, };

/**
 * What became of a batch.
 */
export type RotationApplied = { 
/**
 * Every key of the batch, in its order.
 */
keys: Array<KeyResult>, 
/**
 * Why it ended before the last key, a sentence.
 */
stopped?: string | null, };

/**
 * Which batch, and the person's word.
 */
export type RotationApplyRequest = { 
/**
 * [`RotationBatch::id`]. While it runs, `change_status` shows the keys that are done under this name, and
 * `change_cancel` stops it between two keys.
 */
batchId: string, 
/**
 * Why, in the person's words; kept in the journal of every key.
 */
reason: string, 
/**
 * The name of the protected context, as the person typed it.
 */
typed: Array<string>, 
/**
 * Whether the warnings were acknowledged.
 */
acknowledged: boolean, };

/**
 * What one confirmation will do.
 */
export type RotationBatch = { 
/**
 * Name for applying it.
 */
id: string, 
/**
 * One sentence.
 */
title: string, 
/**
 * The context's label.
 */
context: string, 
/**
 * A plan for each key, in the order in which they are applied.
 */
plans: Array<KeyPlan>, 
/**
 * Keys that match and are left out.
 */
leftOut: Array<LeftOut>, 
/**
 * Calls that change something.
 */
calls: number, 
/**
 * How long AWS's limits make it take, seconds, at least.
 */
seconds: number, };

/**
 * A page.
 */
export type RotationList = { 
/**
 * The rows: what a person should look at first, then what is due first.
 */
rows: Array<RotationRow>, 
/**
 * Rows that match.
 */
matching: number, 
/**
 * Matching rows of a rotation that is under way.
 */
underWay: number, 
/**
 * Matching keys that are late and have no rotation.
 */
late: number, 
/**
 * What the settings say.
 */
policy: RotationPolicy, 
/**
 * When the oldest part was read, RFC 3339; absent when nothing was read yet.
 */
readAt?: string | null, 
/**
 * What could not be read.
 */
coverage: Coverage, 
/**
 * Calls made for it.
 */
calls: Record<string, number>, };

/**
 * Which page of which keys.
 */
export type RotationListRequest = { 
/**
 * Which keys.
 */
query: RotationQuery, 
/**
 * The first row, from 0.
 */
offset: number, 
/**
 * Rows, at most 500; 0 means 500.
 */
limit: number, 
/**
 * Whether AWS is read again.
 */
afresh: boolean, };

/**
 * Which keys, which stage.
 */
export type RotationPlanRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Which keys: by id, age, tag, plan, words.
 */
query: RotationQuery, 
/**
 * `start`, `attach`, `disable`, `settle` or `delete`.
 */
stage: RotationStage, 
/**
 * For `start`: how long both keys shall work, days.
 */
overlapDays?: number | null, };

/**
 * What an organisation wants of rotations.
 */
export type RotationPolicy = { 
/**
 * Age at which a key should be replaced, days.
 */
rotateAfterDays: number, 
/**
 * How long both keys work, days, unless the person says otherwise.
 */
overlapDays: number, 
/**
 * Whole days without a request after which a key counts as no longer used; at least 1, since AWS counts by the day.
 */
quietDays: number, 
/**
 * How long a disabled key waits until it may be deleted, days.
 */
deleteAfterDays: number, };

/**
 * Which keys.
 */
export type RotationQuery = { 
/**
 * Words; each must be in the tenant, key, customer, tags or plans. Case does not matter.
 */
text: string, 
/**
 * Only this context.
 */
context?: string | null, 
/**
 * Only these keys, by id: old or new ones.
 */
keyIds: Array<string>, 
/**
 * Only these states; empty means all.
 */
states: Array<RotationState>, 
/**
 * Only keys that are so many days old or older.
 */
olderThanDays?: number | null, 
/**
 * Only keys with this tag, `team` or `team=billing`.
 */
tag?: string | null, 
/**
 * Only keys in this plan, by id or name.
 */
usagePlan?: string | null, };

/**
 * A key, and the rotation that it is in.
 */
export type RotationRow = { 
/**
 * Name of the row: context and key.
 */
id: string, 
/**
 * The context's label.
 */
context: string, 
/**
 * Key id; never its value.
 */
keyId: string, 
/**
 * Name.
 */
keyName: string, 
/**
 * Whose key.
 */
tenant: string, 
/**
 * Whether API Gateway accepts it.
 */
enabled: boolean, 
/**
 * Names of its plans; absent when they could not be read.
 */
plans?: Array<string> | null, 
/**
 * Age, whole days; absent where AWS gave no date.
 */
ageDays?: number, 
/**
 * When it should be replaced.
 */
dueOn?: string, 
/**
 * The same in days from today; negative when it is late.
 */
dueInDays?: number, 
/**
 * When it was last used.
 */
lastUse: LastUse, 
/**
 * Where the rotation stands.
 */
state: RotationState, 
/**
 * Whose turn it is.
 */
next?: RotationStage | null, 
/**
 * What speaks against the next stage now.
 */
held: Array<string>, 
/**
 * What is wrong.
 */
problem?: string | null, 
/**
 * The key that takes its place.
 */
newKey?: NewKey | null, 
/**
 * Until when both keys shall work.
 */
overlapUntil?: string, 
/**
 * From when the disabled key may be deleted.
 */
deleteFrom?: string, };

/**
 * A stage of a rotation.
 */
export type RotationStage = "start" | "attach" | "disable" | "settle" | "enable" | "enable-new" | "delete" | "abandon";

/**
 * Where a rotation stands, in the order in which a person should look at them.
 */
export type RotationState = "broken" | "unknown" | "attach" | "ready-to-disable" | "ready-to-delete" | "overlap" | "waiting" | "not-started";

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
 * Twelve digits, or [`crate::route_place::UNKNOWN_ACCOUNT`].
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
 * What happens to a route.
 */
export type RouteChange = "added" | "removed" | "changed";

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
 * A web ACL and a route.
 */
export type RouteCover = { 
/**
 * Whether something stops requests.
 */
verdict: CoverVerdict, 
/**
 * The same in a sentence.
 */
sentence: string, 
/**
 * Every rule, in order.
 */
rules: Array<RuleMeeting>, };

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
 * One route that differs.
 */
export type RouteDifference = { 
/**
 * `/pets/{id}`.
 */
path: string, 
/**
 * `GET`.
 */
method: string, 
/**
 * What happens to it.
 */
change: RouteChange, 
/**
 * The guard before and after, in words.
 */
detail: string, 
/**
 * What becomes weaker, a sentence; absent when nothing does.
 */
security?: string | null, 
/**
 * What differs beyond the guard, where the definitions could be read: validation, models, authorizers, integrations.
 */
contract: Array<string>, };

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
 * A rule.
 */
export type Rule = { 
/**
 * Its name, unique in the web ACL. Somebody's words.
 */
name: string, 
/**
 * The lowest is looked at first.
 */
priority: number, 
/**
 * The rule in one sentence.
 */
sentence: string, 
/**
 * What it really does.
 */
effect: RuleEffect, 
/**
 * Its action, where it has one of its own.
 */
action?: RuleAction | null, 
/**
 * Its condition as a tree.
 */
tree: StatementNode, 
/**
 * Its rate, where it limits one.
 */
rate?: RateLimit | null, 
/**
 * Name of the rule group that it applies.
 */
group?: string | null, 
/**
 * Version of a managed group, where one was chosen.
 */
version?: string | null, 
/**
 * Rules of the group that were told to do something else. A name that the group does not have is ignored by AWS.
 */
overrides: Array<RuleOverride>, 
/**
 * The rules of the account's own group that it applies, with what each does here; empty where it applies none, and
 * where the group could not be read.
 */
inside: Array<Rule>, 
/**
 * ARNs of the rule group, IP sets and pattern sets that it refers to.
 */
refersTo: Array<string>, 
/**
 * Labels that it sets on a request that matches.
 */
labelsAdded: Array<string>, 
/**
 * Labels that an earlier rule must have set.
 */
labelsNeeded: Array<string>, 
/**
 * The name of its metrics, where they are on.
 */
metricName?: string | null, 
/**
 * Whether CloudWatch has metrics of it.
 */
metricsEnabled: boolean, 
/**
 * Whether requests that match are sampled.
 */
samplesEnabled: boolean, 
/**
 * Whether all of it is known to this program.
 */
known: boolean, 
/**
 * Set by AWS Firewall Manager, before or after the web ACL's own rules: changed there.
 */
fromFirewallManager: boolean, 
/**
 * AWS's JSON of it, indented.
 */
json: string, };

/**
 * An action as it was read.
 */
export type RuleAction = { 
/**
 * Which.
 */
kind: ActionKind, 
/**
 * AWS's own word: `Block`.
 */
name: string, 
/**
 * HTTP status of a block that answers with its own.
 */
status?: number | null, 
/**
 * Key of the body that it answers with (`CustomResponseBodies`).
 */
bodyKey?: string | null, 
/**
 * Names of headers that it adds to the request or to its answer.
 */
headers: Array<string>, };

/**
 * A rule's counts.
 */
export type RuleCounts = { 
/**
 * The rule.
 */
rule: string, 
/**
 * What happened to requests that matched; `None` where the rule has no metrics.
 */
counts?: WafCounts | null, };

/**
 * What a rule really does to a request that matches.
 */
export type RuleEffect = "allow" | "block" | "count" | "captcha" | "challenge" | "group" | "group-counts" | "group-stops-nothing" | "unknown";

/**
 * A rule and a route.
 */
export type RuleMeeting = { 
/**
 * The rule's name.
 */
rule: string, 
/**
 * Its priority.
 */
priority: number, 
/**
 * It in a sentence.
 */
sentence: string, 
/**
 * What it really does.
 */
effect: RuleEffect, 
/**
 * Whether it can match.
 */
canMatch: CanMatch, 
/**
 * Whether only where a path parameter happens to have the text that it looks for.
 */
rarely: boolean, 
/**
 * Why not, or under which address only.
 */
note?: string | null, };

/**
 * A rule inside a group that was told to do something else.
 */
export type RuleOverride = { 
/**
 * Its name inside the group.
 */
rule: string, 
/**
 * AWS's word for what it does now: `Count`.
 */
action: string, };

/**
 * What a rule shall do.
 */
export type RuleSwitch = "block" | "count";

/**
 * A canary that is running.
 */
export type RunningCanary = { 
/**
 * API id.
 */
apiId: string, 
/**
 * API name.
 */
apiName: string, 
/**
 * Stage.
 */
stage: string, 
/**
 * Share of requests, percent.
 */
percentTraffic: number, 
/**
 * When the stage was last changed, RFC 3339.
 */
since?: string | null, };

/**
 * A change under way in this program.
 */
export type RunningChange = { 
/**
 * The journal's entry, which is the plan's id.
 */
entry: string, 
/**
 * The plan's title.
 */
title: string, 
/**
 * Calls that are done.
 */
done: number, 
/**
 * Calls of the plan.
 */
total: number, 
/**
 * Whether it was asked to stop after the call that is being sent.
 */
stopping: boolean, 
/**
 * How it waits for its turn; absent when it does not.
 */
waiting?: ChangeWait | null, };

/**
 * A header of a sampled request.
 */
export type SampledHeader = { 
/**
 * Name.
 */
name: string, 
/**
 * Value; `[redacted]` where it may be a credential.
 */
value: string, };

/**
 * A sampled request.
 */
export type SampledRequest = { 
/**
 * When, seconds since the epoch.
 */
at?: number, 
/**
 * AWS's word for what was done: `BLOCK`.
 */
action: string, 
/**
 * What the rule would have done, had it not been overridden.
 */
overridden?: string | null, 
/**
 * The rule inside the group that matched.
 */
innerRule?: string | null, 
/**
 * Status that was sent.
 */
status?: number, 
/**
 * How many requests it stands for.
 */
weight: number, 
/**
 * Where from.
 */
clientIp: string, 
/**
 * Country of that.
 */
country: string, 
/**
 * Method.
 */
method: string, 
/**
 * Path and query; values of arguments that are named like credentials are `[redacted]`.
 */
uri: string, 
/**
 * Headers.
 */
headers: Array<SampledHeader>, 
/**
 * Labels that rules had set.
 */
labels: Array<string>, };

/**
 * What a control judges, one at a time.
 */
export type Scope = "route" | "stage" | "api" | "domain" | "usage-plan" | "api-key" | "authorizer" | "client-certificate" | "web-acl" | "alarm" | "account";

/**
 * What is remembered of a finding between runs.
 */
export type SeenFinding = { 
/**
 * The run that saw it first, RFC 3339.
 */
firstSeen: string, 
/**
 * The run that saw it again after it was fixed.
 */
returned?: string | null, 
/**
 * The run that saw it no more.
 */
fixed?: string | null, 
/**
 * The control's id.
 */
control: string, 
/**
 * The control's title.
 */
title: string, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What it is about, with API and stage.
 */
label: string, };

/**
 * How bad a failure is.
 */
export type Severity = "critical" | "high" | "medium" | "low" | "informational";

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
 * A stage behind a web ACL.
 */
export type StageBehind = { 
/**
 * API.
 */
apiId: string, 
/**
 * Its name.
 */
apiName: string, 
/**
 * Stage.
 */
stage: string, };

/**
 * Where to.
 */
export type StageDeploymentSetRequest = { 
/**
 * The stage.
 */
stage: StageName, 
/**
 * A deployment of its API.
 */
deploymentId: string, };

/**
 * A stage, by the names that a person gives it.
 */
export type StageName = { 
/**
 * The context's label.
 */
context: string, 
/**
 * API id.
 */
apiId: string, 
/**
 * Stage.
 */
stage: string, };

/**
 * A stage's release, in one line.
 */
export type StageRelease = { 
/**
 * What the canary is doing.
 */
state: CanaryState, 
/**
 * Share of the requests that the candidate gets, percent, 0.0 to 100.0.
 */
percent: number, 
/**
 * What is odd about it and what it blocks, sentences; empty when nothing is.
 */
notes: Array<string>, };

/**
 * A line of the tree with what stands below it.
 */
export type StatementNode = { 
/**
 * The line.
 */
words: string, 
/**
 * Whether all of it is known to this program.
 */
known: boolean, 
/**
 * A statement that is not known, as it came.
 */
json?: string | null, 
/**
 * What stands below.
 */
children: Array<StatementNode>, };

/**
 * What is known of a step of an interrupted change, from the live state and not from the journal: a process can die
 * between the call and its record.
 */
export type StepState = "done" | "not-done" | "unknown";

/**
 * What CloudTrail has of one call.
 */
export type StepTrail = { 
/**
 * Whether the event is known.
 */
state: TrailState, 
/**
 * The same as a sentence.
 */
sentence: string, 
/**
 * The event, when it is.
 */
event?: ChangeEvent | null, };

/**
 * A change that this console can plan to put a finding right; its numbers are a beginning that a person may change.
 */
export type SuggestedChange = { "kind": "routeLimit", 
/**
 * Requests per second.
 */
rate?: number | null, 
/**
 * Requests at once.
 */
burst?: number | null, } | { "kind": "stageLimit", 
/**
 * Requests per second.
 */
rate?: number | null, 
/**
 * Requests at once.
 */
burst?: number | null, } | { "kind": "planLimit" } | { "kind": "canaryRollback" };

/**
 * How often a control said what, in one context.
 */
export type Tally = { 
/**
 * It does not hold.
 */
fail: number, 
/**
 * It cannot be told.
 */
unknown: number, 
/**
 * It holds.
 */
pass: number, 
/**
 * There was nothing to judge.
 */
notApplicable: number, };

/**
 * A tenant.
 */
export type Tenant = { 
/**
 * Who, and why it is they.
 */
name: TenantName, 
/**
 * The context's label.
 */
context: string, 
/**
 * Each of their keys in each of its plans, worst first.
 */
plans: Array<TenantPlan>, 
/**
 * Routes, at most 200.
 */
routes: Array<TenantRoute>, 
/**
 * Routes in all.
 */
routeCount: number, 
/**
 * What was changed of their keys and plans in the last 35 days.
 */
changes: TenantChanges, 
/**
 * When keys, plans and usage were read, RFC 3339. AWS's own numbers of use were up to 40 minutes old then.
 */
readAt: string, 
/**
 * What is missing.
 */
coverage: Coverage, };

/**
 * One change.
 */
export type TenantChange = { 
/**
 * When, RFC 3339.
 */
at: string, 
/**
 * Who, for a person.
 */
who: string, 
/**
 * What, a sentence.
 */
what: string, 
/**
 * Why, where this console's journal says.
 */
reason: string, 
/**
 * Whether it was done, in part at least; what was refused or taken back explains nothing. One that was undone later
 * was done, and its undoing is a change of its own.
 */
done: boolean, 
/**
 * The entry of this console's journal; none for a change that was made elsewhere.
 */
journalEntry?: string | null, 
/**
 * CloudTrail's event; none for a change that is known from the journal alone.
 */
eventId?: string | null, };

/**
 * The changes, and how much of the time they are known for.
 */
export type TenantChanges = { 
/**
 * The time that was looked at.
 */
interval: Interval, 
/**
 * Latest first, at most 50.
 */
items: Array<TenantChange>, 
/**
 * Changes in all.
 */
total: number, 
/**
 * What of the time CloudTrail's events are not known for, oldest first: changes elsewhere would not be told.
 */
holes: Array<Interval>, 
/**
 * Why there is nothing to tell, where the journal or the file of events could not be read.
 */
unread: Array<string>, };

/**
 * Who, and where.
 */
export type TenantExplainRequest = { 
/**
 * The tenant's name, or the id of one of their keys.
 */
tenant: string, 
/**
 * [`portcullis_domain::route::Route::id`].
 */
routeId: string, };

/**
 * The answer.
 */
export type TenantExplanation = { 
/**
 * Who.
 */
tenant: string, 
/**
 * `POST /claims of partner, prod`.
 */
route: string, 
/**
 * One per key of the tenant.
 */
keys: Array<KeyVerdict>, };

/**
 * A value that somebody read out or pasted.
 */
export type TenantFindRequest = { 
/**
 * The value.
 */
value: string, };

/**
 * Whose it is.
 */
export type TenantFound = { 
/**
 * The key's rows; empty when no key has this value.
 */
rows: Array<BoardRow>, 
/**
 * What could not be searched: nobody found is good news only when this is complete.
 */
coverage: Coverage, };

/**
 * Which tenant.
 */
export type TenantGetRequest = { 
/**
 * The context's label; any that is open when absent.
 */
context?: string | null, 
/**
 * The tenant's name, or the id of one of their keys.
 */
tenant: string, };

/**
 * A page of the board.
 */
export type TenantList = { 
/**
 * Rows in all.
 */
total: number, 
/**
 * Rows that match.
 */
matching: number, 
/**
 * Rows by state, of all.
 */
states: Array<[QuotaState, number]>, 
/**
 * The page.
 */
rows: Array<BoardRow>, 
/**
 * When it was read, RFC 3339: the oldest of the contexts. AWS's own numbers were up to 40 minutes old then.
 */
readAt?: string | null, 
/**
 * What reading keys, plans and usage cost.
 */
calls: Record<string, number>, 
/**
 * What is missing.
 */
coverage: Coverage, };

/**
 * What is asked for.
 */
export type TenantListRequest = { 
/**
 * Which rows, in which order.
 */
query: BoardQuery, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 500; 0 means 500.
 */
limit: number, 
/**
 * Read AWS again instead of showing what was read.
 */
afresh: boolean, };

/**
 * `tenants.toml`.
 */
export type TenantMappingFile = { 
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
 * What is wrong with it, if anything: while it is wrong no tenant is named.
 */
problem?: WireError | null, };

/**
 * Asks for the file.
 */
export type TenantMappingGetRequest = Record<symbol, never>;

/**
 * A key that would be another's, or the same one's for another reason.
 */
export type TenantMappingMove = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Key id; never its value.
 */
keyId: string, 
/**
 * The key's name.
 */
keyName: string, 
/**
 * Whose it is now; absent while the file is wrong, since nobody is named then.
 */
before?: TenantName | null, 
/**
 * Whose it would be.
 */
after: TenantName, };

/**
 * What would happen.
 */
export type TenantMappingPreview = { 
/**
 * Keys that were looked at.
 */
keys: number, 
/**
 * Keys that would be named otherwise.
 */
moving: number, 
/**
 * The first 200 of them.
 */
moves: Array<TenantMappingMove>, };

/**
 * A text of rules.
 */
export type TenantMappingPreviewRequest = { 
/**
 * TOML.
 */
text: string, };

/**
 * A text of rules. Answers with [`TenantMappingFile`].
 */
export type TenantMappingSaveRequest = { 
/**
 * TOML.
 */
text: string, 
/**
 * The text that the edit began from: refused when the file has changed since.
 */
base: string, };

/**
 * Which key, from where to where.
 */
export type TenantMoveRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Key id; never its value.
 */
keyId: string, 
/**
 * The plan that it leaves.
 */
from: string, 
/**
 * The plan that it joins.
 */
to: string, 
/**
 * Whether what is left of the old quota is all that is left of the new one; otherwise it begins with the whole.
 */
keepRemaining: boolean, };

/**
 * A tenant's name and why it is this one.
 */
export type TenantName = { 
/**
 * The name: keys with the same one belong together.
 */
name: string, 
/**
 * `tag tenant`, `customerId`, `name like {tenant}-key-*`, `tenants.csv`, `the key's own name`.
 */
reason: string, };

/**
 * A key in a plan with its days.
 */
export type TenantPlan = { 
/**
 * The row of the board.
 */
row: BoardRow, 
/**
 * The plan's quota for each key, as the plan has it: without extensions.
 */
quota?: Quota | null, 
/**
 * Oldest first.
 */
days: Array<DayUse>, 
/**
 * Limits of single methods of the plan: `partner prod`, `GET /pets`.
 */
methodLimits: Array<MethodLimit>, };

/**
 * A route that the tenant's plans open.
 */
export type TenantRoute = { 
/**
 * [`portcullis_domain::route::Route::id`].
 */
routeId: string, 
/**
 * `POST /claims of partner, prod`.
 */
label: string, 
/**
 * Whether it asks for a key: only then the plan counts.
 */
requiresKey: boolean, };

/**
 * From where to where.
 */
export type ThrottleCopyRequest = { 
/**
 * The stage whose limits are copied.
 */
from: StageName, 
/**
 * The stages that get them.
 */
to: Array<StageName>, };

/**
 * Which route, and whose key.
 */
export type ThrottleExplainRequest = { 
/**
 * [`Route::id`].
 */
routeId: string, 
/**
 * Id of an API key; never its value.
 */
keyId?: string | null, };

/**
 * What applies, and why.
 */
export type ThrottleExplanation = { 
/**
 * The route.
 */
routeId: string, 
/**
 * `POST /login of storefront, prod`.
 */
label: string, 
/**
 * What applies, and every layer.
 */
effective: EffectiveLimit, 
/**
 * The usage plan that the key meets here; absent without a key, and when none of its plans has this stage.
 */
usagePlan?: string | null, 
/**
 * Sentences to read aloud: which limit binds, and what does not count.
 */
sentences: Array<string>, };

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
bindsBurst: boolean, 
/**
 * Whether a narrower layer stands in its place.
 */
replaced: boolean, };

/**
 * What the limit would have done.
 */
export type ThrottleReplay = { 
/**
 * Whose requests.
 */
source: ReplaySource, 
/**
 * Minute by minute, and in total.
 */
replay: Replay, 
/**
 * Share refused if requests came evenly inside each minute, percent: the least.
 */
percentEven: number, 
/**
 * Share refused if each minute's requests came within one second, percent: the most.
 */
percentAtOnce: number, 
/**
 * RFC 3339.
 */
from: string, 
/**
 * RFC 3339.
 */
to: string, 
/**
 * The answer in a sentence.
 */
verdict: string, };

/**
 * Which route, and which limit. Numbers are text, as a person typed them.
 */
export type ThrottleReplayRequest = { 
/**
 * [`portcullis_domain::route::Route::id`].
 */
routeId: string, 
/**
 * Requests per second; absent is what applies to the route now.
 */
rate?: string | null, 
/**
 * Requests at once; absent is what applies to the route now.
 */
burst?: string | null, 
/**
 * How far back.
 */
window: ReplayWindow, };

/**
 * What gets the limit.
 */
export type ThrottleSelection = { "kind": "routes", 
/**
 * [`Route::id`]s.
 */
routeIds: Array<string>, } | { "kind": "matching", 
/**
 * The filter of the Routes view.
 */
filter: RouteFilter, } | { "kind": "stage", 
/**
 * The context's label.
 */
context: string, 
/**
 * API.
 */
apiId: string, 
/**
 * Stage.
 */
stage: string, } | { "kind": "stageMethod", 
/**
 * The context's label.
 */
context: string, 
/**
 * API.
 */
apiId: string, 
/**
 * Stage.
 */
stage: string, 
/**
 * `POST`; on HTTP and WebSocket APIs any for a key that is no path (`$default`).
 */
method: string, 
/**
 * `/login`.
 */
path: string, } | { "kind": "usagePlan", 
/**
 * The context's label.
 */
context: string, 
/**
 * Plan.
 */
usagePlanId: string, } | { "kind": "usagePlanMethod", 
/**
 * The context's label.
 */
context: string, 
/**
 * Plan.
 */
usagePlanId: string, 
/**
 * API.
 */
apiId: string, 
/**
 * Stage.
 */
stage: string, 
/**
 * `POST`.
 */
method: string, 
/**
 * `/login`.
 */
path: string, };

/**
 * Which limit for what. Numbers are text, as a person typed them, so that one place says what is wrong with them.
 */
export type ThrottleSetRequest = { 
/**
 * What gets the limit.
 */
selection: ThrottleSelection, 
/**
 * Requests per second; absent leaves the rate as it is.
 */
rate?: string | null, 
/**
 * Requests at once; absent leaves the burst as it is.
 */
burst?: string | null, 
/**
 * Takes the limit away instead, so that the next wider one applies.
 */
remove: boolean, };

/**
 * The layer that a route's limit comes from, narrowest first.
 */
export type ThrottleSource = "stage-method" | "stage-default" | "account" | "unknown";

/**
 * A topic.
 */
export type TopicLine = { 
/**
 * Its ARN.
 */
arn: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How many alarms tell it.
 */
alarms: number, };

/**
 * The topics.
 */
export type TopicList = { 
/**
 * Those that most alarms tell first.
 */
items: Array<TopicLine>, 
/**
 * What could not be read; topics that alarms tell are there all the same.
 */
coverage: Coverage, };

/**
 * Of which context.
 */
export type TopicListRequest = { 
/**
 * The context's label.
 */
context: string, };

/**
 * A route whose behaviour the change touches.
 */
export type TouchedRoute = { 
/**
 * [`crate::route::Route::id`].
 */
routeId: string, 
/**
 * `POST /login of storefront, prod`.
 */
label: string, 
/**
 * For whom.
 */
audience: Audience, 
/**
 * What it does.
 */
class: RouteClass, 
/**
 * Requests in the last 24 hours, where the metric exists.
 */
requestsLastDay?: number, };

/**
 * A tenant whose limits the change touches.
 */
export type TouchedTenant = { 
/**
 * API key id; never its value.
 */
keyId: string, 
/**
 * The key's name.
 */
name: string, };

/**
 * Whether CloudTrail's event of a call is known.
 */
export type TrailState = "matched" | "not-arrived" | "not-covered" | "missing" | "no-request-id" | "not-sent";

/**
 * A route that no rule is known to stop requests to.
 */
export type UncoveredRoute = { 
/**
 * [`portcullis_domain::route::Route::id`].
 */
routeId: string, 
/**
 * `POST /login of storefront, prod`.
 */
label: string, 
/**
 * The context's label.
 */
context: string, 
/**
 * For whom.
 */
audience: Audience, 
/**
 * What it does.
 */
class: RouteClass, 
/**
 * How it stands.
 */
verdict: CoverVerdict, 
/**
 * The same in a sentence.
 */
sentence: string, };

/**
 * A plan.
 */
export type UsagePlanLine = { 
/**
 * The context's label.
 */
context: string, 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Free text.
 */
description: string, 
/**
 * For each key.
 */
throttle: Limit, 
/**
 * For each key; absent when there is none.
 */
quota?: Quota | null, 
/**
 * What it opens.
 */
stages: Array<OpenedStage>, 
/**
 * Its keys; absent when they could not be read.
 */
keys?: number | null, 
/**
 * Served methods of its stages, and those on which it counts.
 */
methods: PlanMethods, 
/**
 * What is wrong.
 */
findings: Array<PlanFinding>, };

/**
 * The plans.
 */
export type UsagePlanList = { 
/**
 * Those with findings first.
 */
items: Array<UsagePlanLine>, 
/**
 * Keys in no plan.
 */
looseKeys: Array<LooseKey>, 
/**
 * When it was read, RFC 3339.
 */
readAt?: string | null, 
/**
 * What is missing.
 */
coverage: Coverage, };

/**
 * Asks for the plans.
 */
export type UsagePlanListRequest = { 
/**
 * Read AWS again instead of showing what was read.
 */
afresh: boolean, };

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
 * What a control says of one thing.
 */
export type Verdict = "fail" | "unknown" | "pass" | "not-applicable";

/**
 * What happened to requests.
 */
export type WafCounts = { 
/**
 * Let through.
 */
allowed: number, 
/**
 * Refused.
 */
blocked: number, 
/**
 * Counted.
 */
counted: number, 
/**
 * Asked for a CAPTCHA.
 */
captcha: number, 
/**
 * Challenged.
 */
challenge: number, };

/**
 * What a rule can refer to by ARN.
 */
export type WafPartKind = "rule-group" | "ip-set" | "regex-pattern-set";

/**
 * A period's counts of the whole web ACL.
 */
export type WafPoint = { 
/**
 * Begin, seconds since the epoch.
 */
at: number, 
/**
 * Counts.
 */
counts: WafCounts, };

/**
 * Which rule, and its rate.
 */
export type WafRateLimitSetRequest = { 
/**
 * The context's label; may be empty where the name is enough.
 */
context: string, 
/**
 * ARN, id or name.
 */
webAcl: string, 
/**
 * The rule's name.
 */
rule: string, 
/**
 * Requests in a window, 10 to 2,000,000,000; absent leaves them.
 */
limit?: number, 
/**
 * The window in seconds: 60, 120, 300 or 600; absent leaves it.
 */
window?: number, };

/**
 * Which rule, and what it shall do.
 */
export type WafRuleActionSetRequest = { 
/**
 * The context's label; may be empty where the name is enough.
 */
context: string, 
/**
 * ARN, id or name.
 */
webAcl: string, 
/**
 * The rule's name.
 */
rule: string, 
/**
 * What it shall do; a rule group that blocks does what its own rules say.
 */
action: RuleSwitch, };

/**
 * What a web ACL can stand before.
 */
export type WafScope = "REGIONAL" | "CLOUDFRONT";

/**
 * An IP set or a regex pattern set.
 */
export type WafSet = { 
/**
 * ARN.
 */
arn: string, 
/**
 * Which of the two.
 */
kind: WafPartKind, 
/**
 * Name. Somebody's words.
 */
name: string, 
/**
 * Description; may be empty.
 */
description: string, 
/**
 * `IPV4` or `IPV6`, of an IP set.
 */
version?: string | null, 
/**
 * Addresses in CIDR notation, or expressions, in AWS's order. Empty: it matches nothing.
 */
entries: Array<string>, };

/**
 * A sentence to read before confirming.
 */
export type Warning = { 
/**
 * What kind.
 */
kind: WarningKind, 
/**
 * The sentence.
 */
message: string, };

/**
 * What kind of warning.
 */
export type WarningKind = "note" | "loosens" | "drifts" | "blocks" | "exposes" | "overwrites";

/**
 * A metric that an alarm looks at.
 */
export type WatchedMetric = { 
/**
 * Its id in an expression; empty where there is none.
 */
id: string, 
/**
 * `AWS/ApiGateway`.
 */
namespace: string, 
/**
 * `5XXError`.
 */
metric: string, 
/**
 * `Average`, `Sum`, `p90`; empty where AWS gave none.
 */
statistic: string, 
/**
 * Seconds.
 */
period?: number | null, 
/**
 * By name.
 */
dimensions: { [key in string]: string }, };

/**
 * A web ACL.
 */
export type WebAcl = { 
/**
 * ARN.
 */
arn: string, 
/**
 * Name. Somebody's words.
 */
name: string, 
/**
 * Id.
 */
id: string, 
/**
 * What it can stand before.
 */
scope: WafScope, 
/**
 * Description; may be empty.
 */
description: string, 
/**
 * What becomes of a request that no rule ends; `None` where it could not be read.
 */
defaultAction?: RuleAction | null, 
/**
 * In the order in which WAF looks at them.
 */
rules: Array<Rule>, 
/**
 * Capacity that the rules take, WCU: up to 1,500 cost nothing extra, 5,000 is the most.
 */
capacity?: number, 
/**
 * Prefix of the labels that its rules set.
 */
labelNamespace: string, 
/**
 * The name of its metrics.
 */
metricName?: string | null, 
/**
 * Whether AWS Firewall Manager rules over it.
 */
managedByFirewallManager: boolean, 
/**
 * Domains whose tokens it accepts.
 */
tokenDomains: Array<string>, 
/**
 * Keys of its own answers.
 */
responseBodies: Array<string>, };

/**
 * A web ACL.
 */
export type WebAclDetail = { 
/**
 * As in the list.
 */
line: WebAclLine, 
/**
 * Its rules and settings; `None` where it could not be read.
 */
acl?: WebAcl | null, 
/**
 * IP sets and regex pattern sets that its rules and those of its groups refer to, as far as they could be read.
 */
sets: Array<WafSet>, 
/**
 * Routes behind it, at most 500.
 */
routes: Array<CoveredRoute>, 
/**
 * How many there are.
 */
routeCount: number, 
/**
 * When it was read, RFC 3339.
 */
readAt: string, 
/**
 * What is missing.
 */
coverage: Coverage, };

/**
 * What stands before it.
 */
export type WebAclForRoute = { 
/**
 * `POST /login of storefront, prod`.
 */
label: string, 
/**
 * The context's label.
 */
context: string, 
/**
 * ARN of the web ACL.
 */
arn?: string | null, 
/**
 * Its name.
 */
name?: string | null, 
/**
 * The paths that WAF sees: `/prod/login (execute-api)`.
 */
addresses: Array<string>, 
/**
 * What it does there.
 */
cover: RouteCover, 
/**
 * What is missing.
 */
coverage: Coverage, };

/**
 * Which route.
 */
export type WebAclForRouteRequest = { 
/**
 * [`portcullis_domain::route::Route::id`].
 */
routeId: string, };

/**
 * Which one.
 */
export type WebAclGetRequest = { 
/**
 * The context's label; may be empty where the name is enough.
 */
context: string, 
/**
 * ARN, id or name.
 */
webAcl: string, 
/**
 * Read AWS again instead of showing what was read.
 */
afresh: boolean, };

/**
 * A web ACL in the list.
 */
export type WebAclLine = { 
/**
 * The context's label.
 */
context: string, 
/**
 * ARN.
 */
arn: string, 
/**
 * Name.
 */
name: string, 
/**
 * Description; may be empty.
 */
description: string, 
/**
 * What it can stand before.
 */
scope: WafScope, 
/**
 * What it does, taken together.
 */
state: WebAclState, 
/**
 * What becomes of a request that no rule ends.
 */
defaultAction?: ActionKind | null, 
/**
 * Rules; `None` where it could not be read.
 */
rules?: number | null, 
/**
 * Rules that can stop a request.
 */
stopping: number, 
/**
 * Rules that only count.
 */
counting: number, 
/**
 * Rules of which this program does not know everything.
 */
unknown: number, 
/**
 * Capacity, WCU.
 */
capacity?: number, 
/**
 * Whether requests are logged.
 */
logging: LoggingState, 
/**
 * Stages of REST APIs behind it, as far as stages were read.
 */
stages: Array<StageBehind>, 
/**
 * Why it cannot be changed here, if it cannot.
 */
notEditable?: string | null, };

/**
 * Every web ACL.
 */
export type WebAclList = { 
/**
 * The web ACLs.
 */
items: Array<WebAclLine>, 
/**
 * Whether these are all.
 */
complete: boolean, 
/**
 * Routes for the public, customers, checkout, partners and callbacks that were looked at.
 */
exposed: number, 
/**
 * How many of them stand how.
 */
verdicts: Array<[CoverVerdict, number]>, 
/**
 * Those that nothing is known to stop requests to, at most 500, the worst first.
 */
uncovered: Array<UncoveredRoute>, 
/**
 * When WAF was read, RFC 3339: the oldest of the contexts.
 */
readAt?: string | null, 
/**
 * What that cost.
 */
calls: Record<string, number>, 
/**
 * What is missing.
 */
coverage: Coverage, };

/**
 * What is asked for.
 */
export type WebAclListRequest = { 
/**
 * Read AWS again instead of showing what was read.
 */
afresh: boolean, };

/**
 * A logging configuration.
 */
export type WebAclLogging = { 
/**
 * ARNs of where logs go; their names begin with `aws-waf-logs-`.
 */
destinations: Array<string>, 
/**
 * What is left out of the logs, in words: `the header authorization`.
 */
redacted: Array<string>, 
/**
 * Whether a filter keeps only some requests.
 */
filtered: boolean, };

/**
 * Counts.
 */
export type WebAclMetrics = { 
/**
 * Of the whole web ACL.
 */
all: WafCounts, 
/**
 * Of each rule, in order.
 */
rules: Array<RuleCounts>, 
/**
 * Over time; periods in which nothing was counted are absent.
 */
points: Array<WafPoint>, 
/**
 * Length of a period, seconds.
 */
period: number, 
/**
 * From, seconds since the epoch.
 */
from: number, 
/**
 * Until.
 */
to: number, };

/**
 * Of which, and how far back.
 */
export type WebAclMetricsRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * ARN, id or name.
 */
webAcl: string, 
/**
 * Hours, 1 to 336.
 */
hours: number, };

/**
 * Sampled requests.
 */
export type WebAclSamples = { 
/**
 * Latest first; at most 500, of the first 5,000 of the time.
 */
items: Array<SampledRequest>, };

/**
 * Of which rule, and how far back.
 */
export type WebAclSamplesRequest = { 
/**
 * The context's label.
 */
context: string, 
/**
 * ARN, id or name.
 */
webAcl: string, 
/**
 * The rule's name; empty for what no rule ended.
 */
rule: string, 
/**
 * Minutes, 1 to 180.
 */
minutes: number, };

/**
 * What a web ACL does, taken together.
 */
export type WebAclState = "stops" | "only-counts" | "empty" | "unknown";

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
position?: InputPosition | null, 
/**
 * Further lines: each field in conflict, each step and how it stands.
 */
details?: Array<string>, 
/**
 * The journal's entry, when a change was begun.
 */
entry?: string | null, };

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
  finding_list: { request: FindingListRequest; response: FindingList };
  posture_refresh: { request: PostureRefreshRequest; response: PostureRun };
  evidence_pack_write: { request: EvidencePackWriteRequest; response: EvidencePack };
  posture_overview: { request: PostureOverviewRequest; response: PostureOverview };
  finding_exception_set: { request: FindingExceptionSetRequest; response: Finding };
  palette_search: { request: PaletteSearchRequest; response: PaletteResults };
  audience_rules_get: { request: AudienceRulesGetRequest; response: AudienceRulesFile };
  audience_rules_preview: { request: AudienceRulesPreviewRequest; response: AudienceRulesPreview };
  audience_rules_save: { request: AudienceRulesSaveRequest; response: AudienceRulesFile };
  audience_override_set: { request: AudienceOverrideSetRequest; response: RouteDetail };
  context_access_set: { request: ContextAccessSetRequest; response: ContextList };
  throttle_explain: { request: ThrottleExplainRequest; response: ThrottleExplanation };
  throttle_replay: { request: ThrottleReplayRequest; response: ThrottleReplay };
  throttle_set: { request: ThrottleSetRequest; response: Plan };
  throttle_copy: { request: ThrottleCopyRequest; response: Plan };
  canary_list: { request: CanaryListRequest; response: CanaryList };
  canary_watch: { request: CanaryWatchRequest; response: CanaryWatch };
  canary_release_begin: { request: CanaryReleaseBeginRequest; response: ReleaseLine };
  canary_release_list: { request: CanaryReleaseListRequest; response: CanaryReleaseList };
  canary_release_stop: { request: CanaryReleaseStopRequest; response: ReleaseLine };
  canary_template_list: { request: CanaryTemplateListRequest; response: CanaryTemplateList };
  canary_template_save: { request: CanaryTemplateSaveRequest; response: CanaryTemplateList };
  demo_clock_set: { request: DemoClockSetRequest; response: DemoClockNow };
  canary_difference: { request: CanaryDifferenceRequest; response: CanaryDifference };
  canary_start: { request: CanaryStartRequest; response: Plan };
  canary_set: { request: CanarySetRequest; response: Plan };
  canary_promote: { request: CanaryPromoteRequest; response: Plan };
  canary_rollback: { request: CanaryRollbackRequest; response: Plan };
  deployment_list: { request: DeploymentListRequest; response: DeploymentList };
  stage_deployment_set: { request: StageDeploymentSetRequest; response: Plan };
  plan_apply: { request: PlanApplyRequest; response: AppliedChange };
  change_status: { request: ChangeStatusRequest; response: ChangeStatus };
  change_cancel: { request: ChangeCancelRequest; response: ChangeStatus };
  change_undo: { request: ChangeUndoRequest; response: Plan };
  change_resume: { request: ChangeResumeRequest; response: ResumedChange };
  tenant_list: { request: TenantListRequest; response: TenantList };
  tenant_get: { request: TenantGetRequest; response: Tenant };
  tenant_find: { request: TenantFindRequest; response: TenantFound };
  tenant_explain: { request: TenantExplainRequest; response: TenantExplanation };
  tenant_mapping_get: { request: TenantMappingGetRequest; response: TenantMappingFile };
  tenant_mapping_preview: { request: TenantMappingPreviewRequest; response: TenantMappingPreview };
  tenant_mapping_save: { request: TenantMappingSaveRequest; response: TenantMappingFile };
  usage_plan_list: { request: UsagePlanListRequest; response: UsagePlanList };
  quota_extend: { request: QuotaExtendRequest; response: Plan };
  quota_set: { request: QuotaSetRequest; response: Plan };
  tenant_move: { request: TenantMoveRequest; response: Plan };
  key_rotate: { request: KeyRotateRequest; response: Plan };
  rotation_list: { request: RotationListRequest; response: RotationList };
  rotation_plan: { request: RotationPlanRequest; response: RotationBatch };
  rotation_apply: { request: RotationApplyRequest; response: RotationApplied };
  key_reveal: { request: KeyRevealRequest; response: RevealedKey };
  alarm_list: { request: AlarmListRequest; response: AlarmList };
  alarm_history: { request: AlarmHistoryRequest; response: AlarmHistoryAnswer };
  alarm_coverage: { request: AlarmCoverageRequest; response: AlarmCoverage };
  topic_list: { request: TopicListRequest; response: TopicList };
  alarm_create: { request: AlarmCreateRequest; response: Plan };
  metrics_show: { request: MetricsShowRequest; response: MetricsShow };
  event_refresh: { request: EventRefreshRequest; response: EventRefresh };
  event_cancel: { request: EventCancelRequest; response: null };
  event_moment_list: { request: EventMomentListRequest; response: EventMomentList };
  event_source_set: { request: EventSourceSetRequest; response: ContextList };
  event_list: { request: EventListRequest; response: EventList };
  event_get: { request: EventGetRequest; response: EventRecord };
  web_acl_list: { request: WebAclListRequest; response: WebAclList };
  web_acl_get: { request: WebAclGetRequest; response: WebAclDetail };
  web_acl_for_route: { request: WebAclForRouteRequest; response: WebAclForRoute };
  web_acl_metrics: { request: WebAclMetricsRequest; response: WebAclMetrics };
  web_acl_samples: { request: WebAclSamplesRequest; response: WebAclSamples };
  waf_rule_action_set: { request: WafRuleActionSetRequest; response: Plan };
  waf_rate_limit_set: { request: WafRateLimitSetRequest; response: Plan };
  journal_list: { request: JournalListRequest; response: JournalList };
  journal_get: { request: JournalGetRequest; response: JournalDetail };
  journal_verify: { request: JournalVerifyRequest; response: JournalVerdict };
  journal_export: { request: JournalExportRequest; response: JournalExport };
  iam_policy: { request: IamPolicyRequest; response: IamPolicy };
}
