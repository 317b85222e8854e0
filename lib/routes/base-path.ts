/** The path that the app is served under, `''` at the root. Fixed when it is built, by `next.config.mjs`. */
export const basePath = process.env.NEXT_PUBLIC_BASE_PATH ?? ''
