import { createLoader, parseAsInteger, parseAsStringLiteral } from 'nuqs/server'
import { PLAN_SHOWS } from './plan-page-query.ts'

/** Reads the state of a plan's page out of the URL. */
export const loadPlanPageParams = createLoader({
  show: parseAsStringLiteral(PLAN_SHOWS).withDefault('all'),
  page: parseAsInteger.withDefault(1),
})
