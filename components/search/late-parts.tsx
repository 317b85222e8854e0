'use client'

import { afterLoad } from '@/components/ui/after-load'

export const SearchField = afterLoad(() => import('./search-field').then((module) => module.SearchField))

export const DeleteSavedSearch = afterLoad(() =>
  import('./delete-saved-search').then((module) => module.DeleteSavedSearch),
)
