"""Re-election (换届) and by-election (增补): one guided draft from the expiring term to the filing.

| module | does |
|---|---|
| drafting | the draft: bodies, terms, dates, contests, candidates |
| checklist | what is to be prepared, by when |
| checks | what speaks against the draft: timing, candidates, charter rules, scrutineers |
| counting | ballots and votes → who is elected and why; pure functions |
| results | what was counted, entered and read; further ballots |
| office | the plan, taking office in one step, and undoing it |
| steps | the pages in order and how far each has come |
"""
