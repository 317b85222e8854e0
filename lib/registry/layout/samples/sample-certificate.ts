/**
 * A certificate as Fulcio issues them: a workflow's URI as the alternative name, and the issuer extension. DER in base64.
 * It's self-signed, and its key was thrown away.
 */
export const SAMPLE_CERTIFICATE =
  'MIICCjCCAbCgAwIBAgIUdtX7UBCYMV9HpvyrhKwwmZEfcfkwCgYIKoZIzj0EAwIwFzEVMBMGA1UECgwMc2lnc3RvcmUuZGV2' +
  'MB4XDTI2MTEyOTA0NTkwN1oXDTI2MTEzMDA0NTkwN1owFzEVMBMGA1UECgwMc2lnc3RvcmUuZGV2MFkwEwYHKoZIzj0CAQYI' +
  'KoZIzj0DAQcDQgAEHeKPMQ5PYFkSGdI7T3IjrV7TuPYmbbvnl7hT480Y0/gH6a03TdM/FCW33GTywphSFqZTBImdJcqxn0Ey' +
  'kv5KwaOB2TCB1jAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwMwXQYDVR0RAQH/BFMwUYZPaHR0cHM6Ly9l' +
  'eGFtcGxlLmNvbS9zYW1wbGVzL2xhZGxlLy5naXRodWIvd29ya2Zsb3dzL3JlbGVhc2UueW1sQHJlZnMvaGVhZHMvbWFpbjAx' +
  'BgorBgEEAYO/MAEIBCMMIWh0dHBzOi8vdG9rZW4uYWN0aW9ucy5leGFtcGxlLmNvbTAdBgNVHQ4EFgQUTwLNDuIKOpf3WLq6' +
  'AkqEGv8z8mAwCgYIKoZIzj0EAwIDSAAwRQIgK7H88WMXJvnh954pGz62eC36OKgqW5NNDyyA5OZpxTcCIQD5JBtYhh2n3Tzq' +
  'yeuasRo2sHc29iGk+x+UevZLlwPK/Q=='
