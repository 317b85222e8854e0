import { pin } from '../actions/pins.ts'
import { mutation } from './mutation.ts'

export const pinMutation = () => mutation(pin)
