import { cva, type VariantProps } from 'class-variance-authority'
import { CircleAlert, Info, Lock, TriangleAlert } from 'lucide-react'
import { cn } from './cn'

const noticeStyles = cva(
  'flex gap-2.5 rounded-lg border px-3.5 py-3 text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0',
  {
    variants: {
      tone: {
        info: 'border-line bg-sunken text-ink [&>svg]:text-accent',
        warn: 'border-warn-line bg-warn-soft text-ink [&>svg]:text-warn',
        lock: 'border-warn-line bg-warn-soft text-ink [&>svg]:text-warn',
        danger: 'border-danger-line bg-danger-soft text-ink [&>svg]:text-danger',
      },
    },
    defaultVariants: { tone: 'info' },
  },
)

const ICONS = { info: Info, warn: TriangleAlert, lock: Lock, danger: CircleAlert } as const

interface NoticeProps extends VariantProps<typeof noticeStyles> {
  title?: React.ReactNode
  children?: React.ReactNode
  className?: string
  /** `alert` interrupts a screen reader: only for what answers the user's own action. */
  role?: 'alert' | 'status'
}

export function Notice({ tone, title, children, className, role }: NoticeProps) {
  const Icon = ICONS[tone ?? 'info']
  return (
    <div role={role} className={cn(noticeStyles({ tone }), className)}>
      <Icon aria-hidden />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={cn(title && 'mt-0.5 text-muted')}>{children}</div>}
      </div>
    </div>
  )
}
