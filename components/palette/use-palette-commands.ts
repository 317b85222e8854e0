'use client'

import {
  Activity,
  GitCompareArrows,
  HardDrive,
  House,
  ListTodo,
  Moon,
  ScrollText,
  Search,
  ShieldCheck,
  Sun,
  Tags,
  Trash2,
  Zap,
} from 'lucide-react'
import { useTheme } from 'next-themes'
import { useMemo } from 'react'
import {
  activityHref,
  auditHref,
  diffHref,
  homeHref,
  jobsHref,
  labelReportHref,
  policyHref,
  searchHref,
  storageHref,
  trashHref,
} from '@/lib/routes/href'
import type { PaletteItem } from './palette-item'

const PAGES: readonly PaletteItem[] = [
  { key: 'home', label: 'Home', icon: House, target: { href: homeHref } },
  { key: 'compare', label: 'Compare two images', icon: GitCompareArrows, target: { href: diffHref() } },
  { key: 'jobs', label: 'Jobs', icon: ListTodo, target: { href: jobsHref } },
  { key: 'search page', label: 'Search tags', icon: Search, target: { href: searchHref() } },
  { key: 'activity', label: 'Activity', icon: Activity, target: { href: activityHref() } },
  { key: 'labels', label: 'Labels', icon: Tags, target: { href: labelReportHref() } },
  { key: 'policy', label: 'Policy', icon: ShieldCheck, target: { href: policyHref() } },
  { key: 'storage', label: 'Storage', icon: HardDrive, target: { href: storageHref() } },
  { key: 'audit', label: 'Audit', icon: ScrollText, target: { href: auditHref() } },
  { key: 'trash', label: 'Trash', icon: Trash2, target: { href: trashHref() } },
]

/** Pages and actions of the current page whose names contain every typed word. */
export function usePaletteCommands(term: string, open: boolean) {
  const { resolvedTheme, setTheme } = useTheme()
  return useMemo(() => {
    const words = term.toLowerCase().split(/\s+/).filter(Boolean)
    const matching = (items: readonly PaletteItem[]) =>
      items.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
    const isDark = resolvedTheme === 'dark'
    const theme: PaletteItem = {
      key: 'theme',
      label: isDark ? 'Use the light theme' : 'Use the dark theme',
      icon: isDark ? Sun : Moon,
      target: { run: () => setTheme(isDark ? 'light' : 'dark') },
    }
    const actions = open ? pageActions('main') : []
    // Signing out is never what Enter does first.
    const frame = open ? pageActions('header:not(main *)') : []
    return { actions: matching(actions), pages: matching([...PAGES, theme, ...frame]) }
  }, [term, open, resolvedTheme, setTheme])
}

/**
 * The actions within a part of the current page, such as `Retag 1.4.2…`: every control marked `data-palette`, in the
 * page's order. The control does the work, so that an action exists exactly when its button does.
 */
function pageActions(part: string): PaletteItem[] {
  return [...document.querySelectorAll<HTMLElement>(`:is(${part}) [data-palette]`)].map((control, index) => ({
    key: `action ${part} ${index}`,
    label: control.dataset.palette ?? '',
    icon: Zap,
    target: { run: () => control.click() },
  }))
}
