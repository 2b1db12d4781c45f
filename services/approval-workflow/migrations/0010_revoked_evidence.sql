-- Where a licence is revoked, what may rest on it is found by its case.
create index approval_of_case on approval (case_id) where in_hand;
