terraform init -input=false
terraform plan -input=false -detailed-exitcode
