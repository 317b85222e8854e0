// Ends with 0 if Lading in the same container answers, else with 1. The image has no shell and no curl.
const { HOST = '', PORT = '3000', BASE_PATH = '' } = process.env
const host = ['', '0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST
try {
  const answer = await fetch(`http://${host}:${PORT}${BASE_PATH}/healthz`, { signal: AbortSignal.timeout(4000) })
  process.exitCode = answer.ok ? 0 : 1
} catch {
  process.exitCode = 1
}
