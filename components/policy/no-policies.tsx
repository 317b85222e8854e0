import { ScrollText } from 'lucide-react'
import { Empty } from '@/components/ui/empty'

const EXAMPLE = `policies:
  - name: ownership
    query: "repo:team-*/**"
    labels:
      org.opencontainers.image.licenses: { required: true, format: spdx }
    owner: "label:team"`

export function NoPolicies() {
  return (
    <Empty icon={ScrollText} title="No policies yet">
      <p>
        Set <code>POLICY_FILE</code> to a YAML file that says which labels images need, and restart Lading:
      </p>
      <pre className="mono mt-3 overflow-x-auto rounded-md border p-3 text-left text-xs text-ink">{EXAMPLE}</pre>
    </Empty>
  )
}
