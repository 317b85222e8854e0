'use client'

import { usePathname } from 'next/navigation'
import { TabLink, TabNav } from '@/components/ui/tab-nav'

interface SettingsTabsProps {
  readonly tabs: readonly { readonly href: string; readonly name: string }[]
}

/** The pages of the settings that a visitor can open. */
export function SettingsTabs({ tabs }: SettingsTabsProps) {
  const pathname = usePathname()
  return (
    <TabNav label="Settings">
      {tabs.map(({ href, name }) => (
        <TabLink
          key={href}
          href={href}
          current={pathname === href ? 'page' : pathname.startsWith(`${href}/`) ? 'true' : undefined}
        >
          {name}
        </TabLink>
      ))}
    </TabNav>
  )
}
