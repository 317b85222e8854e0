'use client'

import { createContext, use } from 'react'
import { Button } from './button'
import { RefusedButton } from './refused-button'

const Refusal = createContext<string | undefined>(undefined)

interface RefusalProps {
  /** Undefined: nothing is refused. */
  why: string | undefined
  children: React.ReactNode
}

/** Refuses every change within it, with one reason. */
export function Refuse({ why, children }: RefusalProps) {
  return <Refusal value={why}>{children}</Refusal>
}

/** Why changes are refused here. */
export function useRefusal(): string | undefined {
  return use(Refusal)
}

interface ChangeButtonProps extends React.ComponentProps<typeof Button> {
  'data-palette'?: string | undefined
}

/** A button that changes something, or leads to a dialog that does. */
export function ChangeButton({ onClick, disabled, 'data-palette': palette, ...props }: ChangeButtonProps) {
  const why = useRefusal()
  if (why !== undefined) return <RefusedButton why={why} {...props} />
  return <Button onClick={onClick} disabled={disabled} data-palette={palette} {...props} />
}
