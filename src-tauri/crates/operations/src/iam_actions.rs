//! The IAM actions that several operations need, with the resources: the catalogue names them, `iam_policy` writes the
//! policies of roles from them.

/// Actions, each with the ARNs that it is asked for.
pub type IamActions = &'static [(&'static str, &'static [&'static str])];

/// Read-only management calls of the inventory. API Gateway's actions are HTTP verbs on ARNs without an account
/// (`reference: developer guide, arn-format-reference`).
pub(crate) const INVENTORY_READ: IamActions = &[(
    "apigateway:GET",
    &[
        "arn:aws:apigateway:*::/account",
        "arn:aws:apigateway:*::/restapis",
        "arn:aws:apigateway:*::/restapis/*",
        "arn:aws:apigateway:*::/apis",
        "arn:aws:apigateway:*::/apis/*",
        "arn:aws:apigateway:*::/domainnames",
        "arn:aws:apigateway:*::/domainnames/*",
    ],
)];

/// What controls need beyond the inventory: plans, keys without their values, usage, client certificates, web ACLs with
/// their logging, alarms, log groups, trails, and who changed what.
pub(crate) const POSTURE_READ: IamActions = &[
    (
        "apigateway:GET",
        &[
            "arn:aws:apigateway:*::/usageplans",
            "arn:aws:apigateway:*::/usageplans/*",
            "arn:aws:apigateway:*::/apikeys",
            "arn:aws:apigateway:*::/clientcertificates",
            "arn:aws:apigateway:*::/restapis/*/gatewayresponses",
        ],
    ),
    ("wafv2:GetWebACL", &["arn:aws:wafv2:*:*:*/webacl/*/*"]),
    ("wafv2:GetLoggingConfiguration", &["arn:aws:wafv2:*:*:*/webacl/*/*"]),
    ("cloudwatch:DescribeAlarms", &["*"]),
    ("cloudtrail:LookupEvents", &["*"]),
    ("cloudtrail:DescribeTrails", &["*"]),
    ("cloudtrail:GetTrailStatus", &["arn:aws:cloudtrail:*:*:trail/*"]),
    ("cloudtrail:GetEventSelectors", &["arn:aws:cloudtrail:*:*:trail/*"]),
    // What names begin with is asked for, and a narrower resource refuses that.
    ("logs:DescribeLogGroups", &["*"]),
];

/// CloudTrail's event history, and queries of an event data store where one was chosen.
pub(crate) const EVENT_READ: IamActions = &[
    ("cloudtrail:LookupEvents", &["*"]),
    ("cloudtrail:StartQuery", &["arn:aws:cloudtrail:*:*:eventdatastore/*"]),
    ("cloudtrail:DescribeQuery", &["arn:aws:cloudtrail:*:*:eventdatastore/*"]),
    ("cloudtrail:GetQueryResults", &["arn:aws:cloudtrail:*:*:eventdatastore/*"]),
    ("cloudtrail:CancelQuery", &["arn:aws:cloudtrail:*:*:eventdatastore/*"]),
];

/// Keys without their values, plans with their keys, usage.
pub(crate) const TENANT_READ: IamActions = &[(
    "apigateway:GET",
    &["arn:aws:apigateway:*::/apikeys", "arn:aws:apigateway:*::/usageplans", "arn:aws:apigateway:*::/usageplans/*"],
)];

/// One key and the one that takes its place, with their plans and usage.
pub(crate) const ROTATION_READ: IamActions = &[(
    "apigateway:GET",
    &[
        "arn:aws:apigateway:*::/apikeys",
        "arn:aws:apigateway:*::/apikeys/*",
        "arn:aws:apigateway:*::/usageplans",
        "arn:aws:apigateway:*::/usageplans/*",
    ],
)];

/// Every stage of a rotation: keys made, disabled and deleted, plans joined, what is left of a quota carried over.
pub(crate) const ROTATION_WRITE: IamActions = &[
    (
        "apigateway:GET",
        &[
            "arn:aws:apigateway:*::/apikeys",
            "arn:aws:apigateway:*::/apikeys/*",
            "arn:aws:apigateway:*::/usageplans",
            "arn:aws:apigateway:*::/usageplans/*",
        ],
    ),
    ("apigateway:POST", &["arn:aws:apigateway:*::/apikeys", "arn:aws:apigateway:*::/usageplans/*/keys"]),
    ("apigateway:PUT", &["arn:aws:apigateway:*::/tags/*"]),
    ("apigateway:PATCH", &["arn:aws:apigateway:*::/apikeys/*", "arn:aws:apigateway:*::/usageplans/*/keys/*"]),
    ("apigateway:DELETE", &["arn:aws:apigateway:*::/apikeys/*", "arn:aws:apigateway:*::/usageplans/*/keys/*"]),
];

/// One key's value.
pub(crate) const KEY_REVEAL: IamActions = &[("apigateway:GET", &["arn:aws:apigateway:*::/apikeys/*"])];

/// Reading limits where they are changed, and writing them.
pub(crate) const THROTTLE_WRITE: IamActions = &[
    (
        "apigateway:GET",
        &[
            "arn:aws:apigateway:*::/restapis/*/stages/*",
            "arn:aws:apigateway:*::/apis/*/stages/*",
            "arn:aws:apigateway:*::/usageplans/*",
        ],
    ),
    (
        "apigateway:PATCH",
        &[
            "arn:aws:apigateway:*::/restapis/*/stages/*",
            "arn:aws:apigateway:*::/apis/*/stages/*",
            "arn:aws:apigateway:*::/usageplans/*",
        ],
    ),
    ("apigateway:PATCH", &["arn:aws:apigateway:*::/apikeys/*"]),
    (
        "apigateway:POST",
        &[
            "arn:aws:apigateway:*::/restapis/*/deployments",
            "arn:aws:apigateway:*::/apikeys",
            "arn:aws:apigateway:*::/usageplans/*/keys",
        ],
    ),
    (
        "apigateway:DELETE",
        &[
            "arn:aws:apigateway:*::/apis/*/stages/*/routesettings/*",
            "arn:aws:apigateway:*::/usageplans/*/keys/*",
            "arn:aws:apigateway:*::/apikeys/*",
        ],
    ),
    ("wafv2:GetWebACL", &["arn:aws:wafv2:*:*:*/webacl/*/*"]),
    // On every set and group that the web ACL refers to as well (service authorization reference).
    (
        "wafv2:UpdateWebACL",
        &[
            "arn:aws:wafv2:*:*:*/webacl/*/*",
            "arn:aws:wafv2:*:*:*/ipset/*/*",
            "arn:aws:wafv2:*:*:*/managedruleset/*/*",
            "arn:aws:wafv2:*:*:*/regexpatternset/*/*",
            "arn:aws:wafv2:*:*:*/rulegroup/*/*",
        ],
    ),
    ("cloudwatch:PutMetricAlarm", &["arn:aws:cloudwatch:*:*:alarm:*"]),
    ("cloudwatch:DeleteAlarms", &["arn:aws:cloudwatch:*:*:alarm:*"]),
    // A narrower resource hides composite alarms.
    ("cloudwatch:DescribeAlarms", &["*"]),
    // Neither service has resources to name here (service authorization reference).
    ("cloudwatch:GetMetricData", &["*"]),
    ("cloudtrail:LookupEvents", &["*"]),
];

/// Metrics, alarms with their history, and deployments.
pub(crate) const METRICS_READ: IamActions = &[
    ("cloudwatch:GetMetricData", &["*"]),
    ("cloudwatch:DescribeAlarms", &["*"]),
    ("cloudwatch:DescribeAlarmHistory", &["*"]),
    ("apigateway:GET", &["arn:aws:apigateway:*::/restapis/*/deployments"]),
];

/// Reading a stage and its deployments.
pub(crate) const CANARY_READ: IamActions = &[
    (
        "apigateway:GET",
        &["arn:aws:apigateway:*::/restapis/*/stages/*", "arn:aws:apigateway:*::/restapis/*/deployments/*"],
    ),
    ("cloudwatch:GetMetricData", &["*"]),
];

/// Reading what a candidate changes: both deployments' summaries, the exported definition of a stage, the draft's models.
pub(crate) const CANARY_DIFFERENCE: IamActions = &[
    (
        "apigateway:GET",
        &[
            "arn:aws:apigateway:*::/restapis/*/stages/*",
            "arn:aws:apigateway:*::/restapis/*/stages/*/exports/*",
            "arn:aws:apigateway:*::/restapis/*/deployments/*",
            "arn:aws:apigateway:*::/restapis/*/models",
        ],
    ),
    ("cloudwatch:GetMetricData", &["*"]),
];

/// Reading a stage and the deployments of its API, of every product.
pub(crate) const DEPLOYMENT_READ: IamActions = &[
    (
        "apigateway:GET",
        &[
            "arn:aws:apigateway:*::/restapis/*/stages/*",
            "arn:aws:apigateway:*::/restapis/*/deployments",
            "arn:aws:apigateway:*::/restapis/*/deployments/*",
            "arn:aws:apigateway:*::/apis/*/stages/*",
            "arn:aws:apigateway:*::/apis/*/deployments",
        ],
    ),
    ("cloudwatch:GetMetricData", &["*"]),
];

/// A stage and what a verdict is made from.
pub(crate) const CANARY_WATCH: IamActions = &[
    ("apigateway:GET", &["arn:aws:apigateway:*::/restapis/*/stages/*"]),
    ("cloudwatch:GetMetricData", &["*"]),
    ("cloudwatch:ListMetrics", &["*"]),
    ("cloudwatch:DescribeAlarms", &["*"]),
    // When a candidate began, where this console did not start it.
    ("cloudtrail:LookupEvents", &["*"]),
    // The access log, where metrics do not tell candidate and baseline apart.
    ("logs:DescribeLogGroups", &["*"]),
    ("logs:StartQuery", &["arn:aws:logs:*:*:log-group:*"]),
    ("logs:GetQueryResults", &["*"]),
    ("logs:StopQuery", &["*"]),
];

/// What a release under watch does by itself: it looks every minute, and where that was confirmed it removes the canary or
/// widens its share.
pub(crate) const CANARY_RELEASE: IamActions = &[
    ("apigateway:GET", &["arn:aws:apigateway:*::/restapis/*/stages/*"]),
    ("apigateway:PATCH", &["arn:aws:apigateway:*::/restapis/*/stages/*"]),
    ("cloudwatch:GetMetricData", &["*"]),
    ("cloudwatch:ListMetrics", &["*"]),
    ("cloudwatch:DescribeAlarms", &["*"]),
    ("cloudtrail:LookupEvents", &["*"]),
    ("logs:DescribeLogGroups", &["*"]),
    ("logs:StartQuery", &["arn:aws:logs:*:*:log-group:*"]),
    ("logs:GetQueryResults", &["*"]),
    ("logs:StopQuery", &["*"]),
];

/// Reading what a plan is made from.
pub(crate) const THROTTLE_READ: IamActions = &[
    (
        "apigateway:GET",
        &[
            "arn:aws:apigateway:*::/restapis/*/stages/*",
            "arn:aws:apigateway:*::/apis/*/stages/*",
            "arn:aws:apigateway:*::/usageplans/*",
        ],
    ),
    ("cloudwatch:GetMetricData", &["*"]),
];

/// Reading what the way back from any change is planned from.
pub(crate) const CHANGE_READ: IamActions = &[
    (
        "apigateway:GET",
        &[
            "arn:aws:apigateway:*::/restapis/*/stages/*",
            "arn:aws:apigateway:*::/apis/*/stages/*",
            "arn:aws:apigateway:*::/usageplans/*",
        ],
    ),
    ("wafv2:GetWebACL", &["arn:aws:wafv2:*:*:*/webacl/*/*"]),
    ("cloudwatch:GetMetricData", &["*"]),
];

/// Web ACLs with their logging. Lists have no resources to name.
pub(crate) const WAF_READ: IamActions = &[
    ("wafv2:ListWebACLs", &["*"]),
    ("wafv2:ListLoggingConfigurations", &["*"]),
    ("wafv2:GetWebACL", &["arn:aws:wafv2:*:*:*/webacl/*/*"]),
    ("wafv2:GetRuleGroup", &["arn:aws:wafv2:*:*:*/rulegroup/*/*"]),
    ("wafv2:GetIPSet", &["arn:aws:wafv2:*:*:*/ipset/*/*"]),
    ("wafv2:GetRegexPatternSet", &["arn:aws:wafv2:*:*:*/regexpatternset/*/*"]),
];

/// The same for a plan, and what a rule counted.
pub(crate) const WAF_PLAN: IamActions = &[
    ("wafv2:ListWebACLs", &["*"]),
    ("wafv2:ListLoggingConfigurations", &["*"]),
    ("wafv2:GetWebACL", &["arn:aws:wafv2:*:*:*/webacl/*/*"]),
    ("cloudwatch:GetMetricData", &["*"]),
];

/// Limits of stages, routes and usage plans.
pub(crate) const THROTTLE_APPLIES: IamActions = &[
    (
        "apigateway:PATCH",
        &[
            "arn:aws:apigateway:*::/restapis/*/stages/*",
            "arn:aws:apigateway:*::/apis/*/stages/*",
            "arn:aws:apigateway:*::/usageplans/*",
        ],
    ),
    ("apigateway:DELETE", &["arn:aws:apigateway:*::/apis/*/stages/*/routesettings/*"]),
];

/// Limits of stages alone.
pub(crate) const STAGE_THROTTLE_APPLIES: IamActions = &[
    ("apigateway:PATCH", &["arn:aws:apigateway:*::/restapis/*/stages/*", "arn:aws:apigateway:*::/apis/*/stages/*"]),
    ("apigateway:DELETE", &["arn:aws:apigateway:*::/apis/*/stages/*/routesettings/*"]),
];

/// A stage of a REST API.
pub(crate) const STAGE_APPLIES: IamActions = &[("apigateway:PATCH", &["arn:aws:apigateway:*::/restapis/*/stages/*"])];

/// A stage of any API, moved to another deployment.
pub(crate) const STAGE_DEPLOYMENT_APPLIES: IamActions =
    &[("apigateway:PATCH", &["arn:aws:apigateway:*::/restapis/*/stages/*", "arn:aws:apigateway:*::/apis/*/stages/*"])];

/// A stage of a REST API, and a deployment.
pub(crate) const CANARY_START_APPLIES: IamActions = &[
    ("apigateway:PATCH", &["arn:aws:apigateway:*::/restapis/*/stages/*"]),
    ("apigateway:POST", &["arn:aws:apigateway:*::/restapis/*/deployments"]),
];

/// A usage plan.
pub(crate) const USAGE_PLAN_APPLIES: IamActions = &[("apigateway:PATCH", &["arn:aws:apigateway:*::/usageplans/*"])];

/// What one key has left.
pub(crate) const USAGE_APPLIES: IamActions =
    &[("apigateway:PATCH", &["arn:aws:apigateway:*::/usageplans/*/keys/*/usage"])];

/// A key's places in usage plans, with what it has left there.
pub(crate) const TENANT_MOVE_APPLIES: IamActions = &[
    ("apigateway:POST", &["arn:aws:apigateway:*::/usageplans/*/keys"]),
    ("apigateway:PATCH", &["arn:aws:apigateway:*::/usageplans/*/keys/*/usage"]),
    ("apigateway:DELETE", &["arn:aws:apigateway:*::/usageplans/*/keys/*"]),
];

/// A web ACL, as a whole: WAF replaces it.
pub(crate) const WAF_APPLIES: IamActions = &[("wafv2:UpdateWebACL", &["arn:aws:wafv2:*:*:*/webacl/*/*"])];

/// Alarms, and the way back from making them.
pub(crate) const ALARM_APPLIES: IamActions = &[
    ("cloudwatch:PutMetricAlarm", &["arn:aws:cloudwatch:*:*:alarm:*"]),
    ("cloudwatch:DeleteAlarms", &["arn:aws:cloudwatch:*:*:alarm:*"]),
];
