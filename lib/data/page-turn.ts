import 'server-only'
import { after } from 'next/server'
import { cache } from 'react'
import { pageTurn } from '../observe/page-turns.ts'

/** Resolves when this request's page may be rendered; its turn ends with the response. */
export const ownTurn = cache(async (): Promise<void> => {
  after(await pageTurn())
})
