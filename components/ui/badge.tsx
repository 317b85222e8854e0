import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const badgeStyles = cva('inline-flex min-h-5 items-center gap-1 rounded px-1.5 text-2xs font-medium [&_svg]:size-3', {
  variants: {
    tone: {
      neutral: 'bg-sunken text-muted',
      accent: 'bg-accent-soft text-accent',
      good: 'bg-good-soft text-good',
      warn: 'bg-warn-soft text-warn',
      danger: 'bg-danger-soft text-danger',
      outline: 'border border-line text-muted',
    },
    wrap: { true: '[overflow-wrap:anywhere]', false: 'whitespace-nowrap' },
  },
  defaultVariants: { tone: 'neutral', wrap: false },
})

export function Badge({ className, tone, wrap, ...props }: ComponentProps<'span'> & VariantProps<typeof badgeStyles>) {
  return <span className={cn(badgeStyles({ tone, wrap }), className)} {...props} />
}
