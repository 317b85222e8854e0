import { endToken, makeToken } from '../actions/tokens.ts'
import { mutation } from './mutation.ts'

export const createTokenMutation = () => mutation(makeToken)
export const revokeTokenMutation = () => mutation(endToken)
