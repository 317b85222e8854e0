import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import type { Answer } from './http-server.ts'

export interface SignatureStoreServer extends FaultProxy {
  /** What it was given, by path. */
  readonly kept: ReadonlyMap<string, readonly unknown[]>
}

/** OpenShift's signature extension, which distribution lacks, before the real registry that answers everything else. */
export async function startSignatureStore(upstream: string): Promise<SignatureStoreServer> {
  const kept = new Map<string, readonly unknown[]>()
  const answer: Answer = ({ method, url = '' }, response, body) => {
    const signatures = kept.get(url) ?? []
    if (method === 'PUT') {
      kept.set(url, [...signatures, JSON.parse(body.toString())])
      response.writeHead(201).end()
    } else if (signatures.length > 0) response.end(JSON.stringify({ signatures }))
    else response.writeHead(404).end()
  }
  const proxy = await startFaultProxy(upstream, {
    rules: [
      { path: /^\/v2\/$/, fault: { kind: 'headers', headers: { 'x-registry-supports-signatures': '1' } } },
      { path: '/extensions/', fault: { kind: 'handle', answer } },
    ],
  })
  return { ...proxy, kept }
}
