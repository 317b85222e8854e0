process.env.NEXT_TELEMETRY_DISABLED ??= '1'

const basePath = process.env.BASE_PATH?.replace(/\/+$/, '') || undefined

/** @type {import('next').NextConfig} */
export default {
  agentRules: false,
  basePath,
  env: { NEXT_PUBLIC_BASE_PATH: basePath ?? '' },
  output: process.env.LADING_STANDALONE ? 'standalone' : undefined,
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks them, and the first start needn't take a third longer for it.
  typescript: { ignoreBuildErrors: true },
  experimental: { serverActions: { bodySizeLimit: '256kb' } },
  // Pages get their policy, with a nonce, from proxy.ts; downloads and data get one that allows no code.
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'referrer-policy', value: 'same-origin' },
        { key: 'cross-origin-opener-policy', value: 'same-origin' },
        { key: 'cross-origin-resource-policy', value: 'same-origin' },
      ],
    },
    // Whatever they answer, refusals too.
    { source: '/:probe(healthz|readyz|metrics)', headers: [{ key: 'cache-control', value: 'no-store' }] },
    {
      source: '/api/:path*',
      headers: [
        { key: 'content-security-policy', value: "default-src 'none'; frame-ancestors 'none'; sandbox" },
        // Compression would delay events, and compress layers a second time.
        { key: 'cache-control', value: 'private, no-store, no-transform' },
      ],
    },
  ],
  serverExternalPackages: ['undici', 're2js', 'bcryptjs', 'yaml', 'pino', 'prom-client', 'kysely', 'pg'],
}
