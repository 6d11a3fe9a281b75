TF_LOG_PROVIDER=DEBUG TF_LOG_PATH=pai.log terraform plan
grep -E 'Read data source|Failed to read data source|Request (succeeded|failed)' pai.log
