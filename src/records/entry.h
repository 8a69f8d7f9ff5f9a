/* One step over records/list.h: an entry of records_all. */
&GLUE(record_, RECORD),
#undef RECORD
#undef RECORD_DEF
