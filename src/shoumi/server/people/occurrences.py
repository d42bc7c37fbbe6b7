"""What happens in apps below that apps above act on: a change of post, an agreement settled, a certificate.

An app above connects to a signal when it starts; the app below never learns who listens.  Listeners run in
the transaction of what happened, so that both are kept or neither; what they raise takes it all back.
"""

from __future__ import annotations

from django.dispatch import Signal

post_changed = Signal()  # actor, person, before (Engagement), after (Engagement)
agreement_settled = Signal()  # agreement: in force, or refused and confirmed by its witnesses
certificate_issued = Signal()  # certificate: of a training
