/** How often what may be repeated is tried. */
export const TRIES = 3
