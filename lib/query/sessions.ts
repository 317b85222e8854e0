import { endOthers, endSessionOf } from '../actions/sessions.ts'
import { mutation } from './mutation.ts'

export const endSessionMutation = () => mutation(endSessionOf)

export const endOtherSessionsMutation = () => mutation((_: undefined) => endOthers())
