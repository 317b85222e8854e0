import './globals.css'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { LayoutProps } from '@/app/page-props'
import { EarlyInput } from '@/components/shell/early-input'
import { Hydrated } from '@/components/shell/hydrated'
import { Providers } from '@/components/shell/providers'

export const metadata: Metadata = {
  title: { default: 'Lading', template: '%s · Lading' },
  description: 'A browser for container registries.',
  referrer: 'same-origin',
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#141a1e' },
  ],
}

export default async function RootLayout({ children }: LayoutProps) {
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    // What is jumped or tabbed to stops clear of the header, and of the bar at the foot of a page that has one.
    <html lang="en" suppressHydrationWarning className="scroll-pt-16 has-data-foot:scroll-pb-28">
      <body>
        <EarlyInput nonce={nonce} />
        <Providers nonce={nonce}>{children}</Providers>
        <Hydrated />
      </body>
    </html>
  )
}
