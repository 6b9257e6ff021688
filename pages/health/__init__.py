"""Link health: what leads nowhere, what nothing leads to, and how addresses elsewhere answer, for those who can mend it."""
