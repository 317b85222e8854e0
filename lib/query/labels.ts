import { createLabel, deleteLabel } from '../actions/labels.ts'
import { mutation } from './mutation.ts'

export const createLabelMutation = () => mutation(createLabel)

export const deleteLabelMutation = () => mutation(deleteLabel)
