-- The order in which jobs ran, which their times do not tell once a clock was put right. No entry is touched.

ALTER TABLE job_run
    DROP CONSTRAINT job_run_pkey,
    ADD COLUMN run_no bigint GENERATED ALWAYS AS IDENTITY,
    ADD PRIMARY KEY (job, run_no);
