'use client'

import { LogIn } from 'lucide-react'
import { usePathname, useSearchParams } from 'next/navigation'
import { signInHref } from '@/lib/routes/href'
import { buttonStyles } from './button'
import { Link } from './link'

/** Leads to the sign-in page and back to this page, in the state it is in. */
export function SignInLink() {
  const pathname = usePathname()
  const search = useSearchParams().toString()
  return (
    <Link href={signInHref(search ? `${pathname}?${search}` : pathname)} className={buttonStyles({ variant: 'ghost' })}>
      <LogIn aria-hidden />
      <span className="max-sm:sr-only">Sign in</span>
    </Link>
  )
}
