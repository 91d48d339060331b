// Written from openapi.json by `npm run types`: the settings of each type of integration.

export const forms = {
  "datadog": [
    {
      "name": "site",
      "required": false,
      "options": [
        "datadoghq.com",
        "us3.datadoghq.com",
        "us5.datadoghq.com",
        "datadoghq.eu",
        "ap1.datadoghq.com",
        "ap2.datadoghq.com",
        "ddog-gov.com",
        "us2.ddog-gov.com"
      ]
    }
  ],
  "discord": [
    {
      "name": "channel",
      "required": false,
      "maxLength": 500
    }
  ],
  "github": [
    {
      "name": "repository",
      "required": true,
      "example": "octo-org/octo-repo"
    }
  ],
  "microsoft_teams": [
    {
      "name": "channel",
      "required": false,
      "maxLength": 500
    }
  ],
  "pagerduty": [
    {
      "name": "region",
      "required": false,
      "options": [
        "us",
        "eu"
      ]
    }
  ],
  "sentry": [
    {
      "name": "environment",
      "required": false,
      "maxLength": 64
    }
  ],
  "slack": [
    {
      "name": "channel",
      "required": false,
      "maxLength": 500
    }
  ],
  "webhook": [
    {
      "name": "url",
      "required": true,
      "format": "uri",
      "maxLength": 2048,
      "example": "https://hooks.example.com/berth"
    },
    {
      "name": "description",
      "required": false,
      "maxLength": 500
    }
  ]
} as const;

/** The most characters of a name and of a secret. */
export const bounds = {
  "name": 100,
  "secret": 2048
} as const;

/** All events, in the API's order. */
export const events = [
  "member.joined",
  "member.removed",
  "plan.changed",
  "payment.failed",
  "payment.recovered",
  "runtime.started",
  "runtime.stopped",
  "runtime.failed",
  "limit.reached",
  "audit.recorded",
  "audit.checkpoint"
] as const;
