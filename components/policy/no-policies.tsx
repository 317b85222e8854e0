import { ScrollText } from 'lucide-react'
import { Empty } from '@/components/ui/empty'

const EXAMPLE = `policies:
  - name: ownership
    query: "repo:team-*/**"
    labels:
      org.opencontainers.image.licenses:
        { required: true, format: spdx }
    owner: "label:team"`

/** @param seesSetup whether to say which setting would help */
export function NoPolicies({ seesSetup }: { seesSetup: boolean }) {
  return (
    <Empty icon={ScrollText} title="No policies yet">
      {seesSetup ? (
        <>
          <p>
            Set <code>POLICY_FILE</code> to a YAML file that says which labels images need, and restart Lading:
          </p>
          <pre className="mono mt-3 overflow-x-auto rounded-md border p-3 text-left text-xs text-ink">{EXAMPLE}</pre>
        </>
      ) : (
        'Policies say which labels images need. Ask your administrator to set them up.'
      )}
    </Empty>
  )
}
