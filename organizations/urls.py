from django.urls import path

from organizations.bodies import views as bodies

app_name = "organizations"
urlpatterns = [
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
]
