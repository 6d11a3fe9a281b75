# For an ECS instance with a RAM role attached.
provider "pai" {
  region        = "cn-hangzhou"
  ecs_role_name = "terraform-plan"
}
