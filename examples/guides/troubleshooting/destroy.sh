terraform destroy -refresh=false
