'use client'

import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { ChangeButton } from '@/components/ui/refusal'
import type { Place } from '@/lib/oci/place'
import { useMutation } from '@/lib/query/hooks'
import { planUntaggedMutation } from '@/lib/query/plans'
import { problemFrom } from '@/lib/query/unwrap'
import { planHref } from '@/lib/routes/href'

/** Asks which images without a tag are too new to go; what would be deleted is shown as a plan first. */
export function CleanUpUntagged({ place: { registry, repository } }: { place: Place }) {
  const router = useRouter()
  const [isOpen, setIsOpen] = useState(false)
  const [days, setDays] = useState('7')
  const plan = useMutation({ ...planUntaggedMutation(), onSuccess: (id) => router.push(planHref(id)) })
  const keepDays = /^\d{1,4}$/.test(days.trim()) ? Number(days) : undefined
  return (
    <>
      <ChangeButton variant="danger-outline" onClick={() => setIsOpen(true)}>
        <Trash2 aria-hidden />
        Delete untagged images…
      </ChangeButton>
      {isOpen && (
        <Dialog
          open
          onClose={() => setIsOpen(false)}
          title={`Delete untagged images from ${repository}`}
          description="Parts of tagged images, and whatever refers to an image that is kept, are left alone."
          width={480}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault()
              if (keepDays !== undefined) plan.mutate({ registry, repository, keepDays })
            }}
          >
            <DialogBody>
              <Field
                label="Keep images that lost their last tag less than this many days ago"
                hint="0 deletes them whatever their age"
              >
                <Input
                  data-initial-focus
                  isSized
                  className="w-24"
                  inputMode="numeric"
                  value={days}
                  aria-invalid={keepDays === undefined}
                  onChange={({ target }) => setDays(target.value)}
                />
              </Field>
              <p className="text-sm text-muted">
                The next page shows every image that would be deleted, and changes nothing yet.
              </p>
              {plan.error && <ProblemNotice problem={problemFrom(plan.error)} role="alert" />}
            </DialogBody>
            <DialogFooter>
              <Button onClick={() => setIsOpen(false)}>Cancel</Button>
              <Button
                type="submit"
                variant="primary"
                disabled={keepDays === undefined || plan.isPending || plan.isSuccess}
              >
                {plan.isPending ? 'Checking…' : 'Preview'}
              </Button>
            </DialogFooter>
          </form>
        </Dialog>
      )}
    </>
  )
}
