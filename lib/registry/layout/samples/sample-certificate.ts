/**
 * A certificate as Fulcio issues them: a workflow's URI as the alternative name, and the issuer extension. DER in base64.
 * It's self-signed, and its key was thrown away.
 */
export const SAMPLE_CERTIFICATE =
  'MIICCzCCAbCgAwIBAgIUDIPIV0ztb9LAuCZVihZsr/PvHbgwCgYIKoZIzj0EAwIwFzEVMBMGA1UECgwMc2lnc3RvcmUuZGV2' +
  'MB4XDTI2MDYwMTAwMDAwMFoXDTI2MDkwMTAwMDAwMFowFzEVMBMGA1UECgwMc2lnc3RvcmUuZGV2MFkwEwYHKoZIzj0CAQYI' +
  'KoZIzj0DAQcDQgAEBB/9TeOERm8AmKymFRKIKHOyOtvH/kPmMABHDDH/bpDR8b6oZlIRsFb1zPsx99ZCd0yJZEDjdX3bQiwp' +
  'mG7cUqOB2TCB1jAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwMwXQYDVR0RAQH/BFMwUYZPaHR0cHM6Ly9l' +
  'eGFtcGxlLmNvbS9zYW1wbGVzL2xhZGxlLy5naXRodWIvd29ya2Zsb3dzL3JlbGVhc2UueW1sQHJlZnMvaGVhZHMvbWFpbjAx' +
  'BgorBgEEAYO/MAEIBCMMIWh0dHBzOi8vdG9rZW4uYWN0aW9ucy5leGFtcGxlLmNvbTAdBgNVHQ4EFgQUkONXI6P89hWSDOrc' +
  '3l0QM+efTUwwCgYIKoZIzj0EAwIDSQAwRgIhAI5cM5ficF5dNI2cPHiwz1uCi5FyeO54ABrKbTmUV9TGAiEAnBrR+OwEQcVy' +
  'CkBt0yuSfZ/udmbbACyfX49EmkW1U30='
