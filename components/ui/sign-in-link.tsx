'use client'

import { LogIn } from 'lucide-react'
import { usePathname, useSearchParams } from 'next/navigation'
import { signInHref } from '@/lib/routes/href'
import { buttonStyles } from './button'
import { Link } from './link'

/**
 * Leads to the sign-in page and back to this page, in the state it is in.
 * @param isCompact in the header: an icon only, where the word has no room
 */
export function SignInLink({ isCompact = false }: { isCompact?: boolean }) {
  const pathname = usePathname()
  const search = useSearchParams().toString()
  return (
    <Link
      href={signInHref(search ? `${pathname}?${search}` : pathname)}
      className={buttonStyles({ variant: isCompact ? 'ghost' : 'secondary' })}
    >
      <LogIn aria-hidden />
      <span className={isCompact ? 'max-sm:sr-only' : undefined}>Sign in</span>
    </Link>
  )
}
