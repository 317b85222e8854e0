'use client'

import { Menu as Base } from '@base-ui/react/menu'
import type { LucideIcon } from 'lucide-react'
import { cn } from './cn'
import { Link } from './link'
import { useRefusal } from './refusal'

/** A menu below its trigger. Items are `MenuItem` and `MenuLink`. */
export function Menu({
  trigger,
  label,
  defaultOpen,
  children,
}: {
  trigger: React.ReactElement
  label: string
  defaultOpen?: boolean
  children: React.ReactNode
}) {
  return (
    <Base.Root defaultOpen={defaultOpen} modal={false}>
      <Base.Trigger render={trigger} aria-label={label} />
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} className="z-30 outline-none">
          <Base.Popup
            aria-label={label}
            className="max-w-(--available-width) min-w-44 rounded-lg border bg-raised p-1 text-sm text-ink shadow-(--shadow) outline-none"
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

const EVERY_ITEM =
  'flex items-center gap-2.5 rounded-md px-2.5 outline-none select-none data-highlighted:bg-sunken [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:opacity-70'
const ITEM = `${EVERY_ITEM} h-8 cursor-pointer`
const ITEM_OF_LINES = `${EVERY_ITEM} min-h-8 py-1.5`

interface MenuItemProps {
  icon: LucideIcon
  danger?: boolean | undefined
  onSelect: () => void
  children: React.ReactNode
}

export function MenuItem({ icon: Icon, danger, onSelect, children }: MenuItemProps) {
  return (
    <Base.Item onClick={onSelect} className={cn(ITEM, danger && 'text-danger data-highlighted:bg-danger-soft')}>
      <Icon aria-hidden />
      {children}
    </Base.Item>
  )
}

/** What the visitor can't do: it stays reachable by keyboard, and says why. */
export function RefusedMenuItem({
  icon: Icon,
  why,
  children,
}: Pick<MenuItemProps, 'icon' | 'children'> & { why: string }) {
  return (
    <Base.Item disabled className={cn(ITEM_OF_LINES, 'cursor-not-allowed')}>
      <Icon aria-hidden />
      <span className="max-w-64 text-muted">
        {children}
        <span className="block text-xs">{why}</span>
      </span>
    </Base.Item>
  )
}

/** Changes something, or leads to a dialog that does. */
export function ChangeItem(props: MenuItemProps) {
  const why = useRefusal()
  return why === undefined ? <MenuItem {...props} /> : <RefusedMenuItem why={why} {...props} />
}

interface MenuLinkProps {
  icon: LucideIcon
  href: string
  children: React.ReactNode
}

export function MenuLink({ icon: Icon, href, children }: MenuLinkProps) {
  return (
    <Base.LinkItem render={<Link href={href} />} closeOnClick className={ITEM}>
      <Icon aria-hidden />
      {children}
    </Base.LinkItem>
  )
}

/** What the browser downloads. */
export function MenuDownload({ icon: Icon, href, children }: MenuLinkProps) {
  return (
    <Base.LinkItem render={<a href={href} download />} closeOnClick className={cn(ITEM_OF_LINES, 'cursor-pointer')}>
      <Icon aria-hidden />
      {children}
    </Base.LinkItem>
  )
}

export function MenuSeparator() {
  return <Base.Separator className="my-1 h-px bg-line" />
}
