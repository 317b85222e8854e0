'use client'

import { GitCompareArrows, House, ListTodo, Moon, Sun, Zap } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useMemo } from 'react'
import { diffHref, homeHref, jobsHref } from '@/lib/routes/href'
import { pageActions } from './page-actions'
import type { PaletteItem } from './palette-item'

const PAGES: readonly PaletteItem[] = [
  { key: 'home', label: 'Home', icon: House, target: { href: homeHref } },
  { key: 'compare', label: 'Compare two images', icon: GitCompareArrows, target: { href: diffHref() } },
  { key: 'jobs', label: 'Jobs', icon: ListTodo, target: { href: jobsHref } },
]

/** Pages, and what the page at hand offers, as far as every typed word is in their names. */
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
    const actions = open
      ? pageActions().map(({ label, run }, index) => ({ key: `action ${index}`, label, icon: Zap, target: { run } }))
      : []
    return { actions: matching(actions), pages: matching([...PAGES, theme]) }
  }, [term, open, resolvedTheme, setTheme])
}
