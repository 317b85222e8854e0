'use client'

import { ThemeProvider } from 'next-themes'
import { ToastHost } from '@/components/ui/toast-host'

/** Context for client components. @param nonce lets the theme's inline script run under the content security policy */
export function Providers({ nonce, children }: { nonce?: string; children: React.ReactNode }) {
  return (
    <ThemeProvider attribute="class" disableTransitionOnChange nonce={nonce}>
      {children}
      <ToastHost />
    </ThemeProvider>
  )
}
