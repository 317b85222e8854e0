/** The class of a list of numbers: four beside each other, two on a phone, with lines between; an odd last one is wide. */
export const FIGURES =
  'grid grid-cols-2 gap-px overflow-hidden rounded-xl border bg-line shadow-xs lg:auto-cols-fr lg:grid-flow-col lg:grid-cols-none max-lg:[&>:last-child:nth-child(odd)]:col-span-2'
