import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export const buttonStyles = cva(
  'inline-flex print:hidden items-center justify-center gap-1.5 rounded-md font-medium transition-colors select-none disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-accent-ink hover:bg-accent/90',
        secondary: 'border border-line bg-surface text-ink shadow-xs hover:bg-sunken',
        ghost: 'text-muted hover:bg-sunken hover:text-ink',
        danger: 'bg-danger text-danger-ink hover:bg-danger/90',
        'danger-outline': 'border border-danger-line bg-surface text-danger hover:bg-danger-soft',
      },
      size: {
        sm: 'px-2.5 text-xs',
        md: 'px-3 text-sm',
        icon: 'size-8',
        'icon-sm': 'size-7',
        /** In a line of text: takes no more height than the line. */
        'icon-xs': '-my-1 size-6 align-middle',
      },
      /** For one that names something: a long name goes on in the next line. */
      wraps: {
        true: 'py-1 text-start [overflow-wrap:anywhere]',
        false: 'shrink-0 whitespace-nowrap',
      },
    },
    compoundVariants: [
      { size: 'sm', wraps: false, class: 'h-7' },
      { size: 'sm', wraps: true, class: 'min-h-7' },
      { size: 'md', wraps: false, class: 'h-8' },
      { size: 'md', wraps: true, class: 'min-h-8' },
    ],
    defaultVariants: { variant: 'secondary', size: 'md', wraps: false },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonStyles>

export function Button({ className, variant, size, wraps, type = 'button', ...props }: ButtonProps) {
  return <button type={type} className={cn(buttonStyles({ variant, size, wraps }), className)} {...props} />
}
