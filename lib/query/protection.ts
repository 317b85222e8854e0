import { addProtection, removeProtection } from '../actions/protection.ts'
import { mutation } from './mutation.ts'

export const addProtectionMutation = () => mutation(addProtection)

export const removeProtectionMutation = () => mutation(removeProtection)
