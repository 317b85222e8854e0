import { Download } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { auditExportHref, exportHref } from '@/lib/routes/href'

/** Everything that can be exported whole; each page exports what is filtered there. */
export function DeskExports({ hasPolicies }: { hasPolicies: boolean }) {
  const links = [
    { name: 'Audit log, CSV', href: auditExportHref('csv', '') },
    { name: 'Audit log, NDJSON', href: auditExportHref('ndjson', '') },
    ...(hasPolicies ? [{ name: 'Policy findings, CSV', href: exportHref('policy', { format: 'csv' }) }] : []),
    { name: 'Labels, CSV', href: exportHref('labels', { format: 'csv' }) },
    { name: 'All tags, CSV', href: exportHref('search', { format: 'csv' }) },
    { name: 'All tags, NDJSON', href: exportHref('search', { format: 'ndjson' }) },
  ]
  return (
    <ul className="flex flex-wrap gap-2">
      {links.map(({ name, href }) => (
        <li key={href}>
          <a href={href} download className={buttonStyles()}>
            <Download aria-hidden />
            {name}
          </a>
        </li>
      ))}
    </ul>
  )
}
