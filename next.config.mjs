process.env.NEXT_TELEMETRY_DISABLED ??= '1'

/** @type {import('next').NextConfig} */
export default {
  agentRules: false,
  basePath: process.env.BASE_PATH?.replace(/\/+$/, '') || undefined,
  output: process.env.LADING_STANDALONE ? 'standalone' : undefined,
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['undici', 're2js', 'modern-tar', 'bcryptjs', 'yaml'],
}
