/** Three stacked containers, the top one being lifted. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="none" aria-hidden className={className}>
      <rect x="1.75" y="12.25" width="7.25" height="5" rx="1" className="fill-accent" />
      <rect x="11" y="12.25" width="7.25" height="5" rx="1" className="fill-accent" opacity=".45" />
      <rect x="6.4" y="5.75" width="7.25" height="5" rx="1" className="fill-accent" opacity=".75" />
      <path
        d="M10 5.5V2.2m0 0L7.9 4.1M10 2.2l2.1 1.9"
        className="stroke-accent"
        strokeWidth="1.3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
