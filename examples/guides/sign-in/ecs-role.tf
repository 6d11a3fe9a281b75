# Use this on an ECS instance with an attached RAM role.
provider "pai" {
  region        = "cn-hangzhou"
  ecs_role_name = "terraform-plan"
}
