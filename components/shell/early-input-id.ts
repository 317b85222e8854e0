/** The id of the script that `EarlyInput` puts into the document. */
export const EARLY_INPUT = 'early-input'
