'use client'

import { useMutation } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogBody, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/input'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { showToast } from '@/components/ui/toast'
import { saveSearchMutation } from '@/lib/query/searches'
import { problemFrom } from '@/lib/query/unwrap'

/** Keeps the page's query under a name. */
export function SaveSearch({ href, suggested }: { href: string; suggested: string }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button variant="primary" onClick={() => setIsOpen(true)}>
        <Bookmark aria-hidden />
        Save search
      </Button>
      {isOpen && (
        <Dialog
          open
          onClose={() => setIsOpen(false)}
          title="Save search"
          description="Only you see it. A search of the same name is replaced."
          width={440}
        >
          <SaveForm href={href} suggested={suggested} onClose={() => setIsOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

function SaveForm({ href, suggested, onClose }: { href: string; suggested: string; onClose: () => void }) {
  const router = useRouter()
  const [name, setName] = useState(suggested)
  const save = useMutation({
    ...saveSearchMutation(),
    onSuccess: ({ isFull }) => {
      if (isFull) return
      showToast({ tone: 'good', title: `Saved “${name.trim()}”` })
      onClose()
      router.refresh()
    },
  })
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '' && !save.isPending) save.mutate({ name, href })
  }
  return (
    <form onSubmit={submit}>
      <DialogBody>
        <Field label="Name">
          <Input
            data-initial-focus
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
            onFocus={(event) => event.target.select()}
          />
        </Field>
        {save.data?.isFull && (
          <p role="alert" className="text-sm text-danger">
            You have as many saved searches as Lading keeps. Delete one first.
          </p>
        )}
        {save.error && <ProblemNotice problem={problemFrom(save.error)} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={name.trim() === '' || save.isPending}>
          Save search
        </Button>
      </DialogFooter>
    </form>
  )
}
